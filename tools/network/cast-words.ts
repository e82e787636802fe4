/**
 * Words the invented merchants are named from. None is meant to name a real business: districts
 * are real places, the rest are common nouns.
 */
export interface MarketWords {
  readonly market: string;
  readonly currency: string;
  readonly count: number;
  /** Acquirer, city (EMVCo field 60: 15 characters) and its districts. */
  readonly places: readonly (readonly [acquirer: string, city: string, districts: string])[];
  readonly brands: string;
  readonly eateries: string;
  readonly cafes: string;
  readonly bars: string;
}

export const MARKETS: readonly MarketWords[] = [
  {
    market: 'JP',
    currency: 'JPY',
    count: 110,
    places: [
      ['acq_kamogawa', 'Kyoto', 'Gion Arashiyama Fushimi Nishiki Pontocho Nijo'],
      ['acq_sumida', 'Tokyo', 'Asakusa Ueno Shibuya Ginza Yanaka Kanda'],
      ['acq_yodo', 'Osaka', 'Namba Umeda Tennoji Shinsekai'],
      ['acq_kamogawa', 'Nara', 'Naramachi'],
      ['acq_sumida', 'Sapporo', 'Susukino Odori'],
      ['acq_yodo', 'Fukuoka', 'Hakata Tenjin'],
    ],
    brands:
      'Tsubame Hinode Kaede Momiji Suzume Hotaru Kawasemi Matsukaze Fujimi Tanpopo Yukari Asahime Komorebi Shiosai Nagomi Usagi',
    eateries: 'Menya Shokudo Soba Tempura Unagi Sushi',
    cafes: 'Kissa Coffee Taiyaki Onigiri',
    bars: 'Izakaya Tachinomi Yakitori',
  },
  {
    market: 'TH',
    currency: 'THB',
    count: 40,
    places: [
      ['acq_chaophraya', 'Bangkok', 'Yaowarat Siam Silom Ari Sathorn'],
      ['acq_chaophraya', 'Chiang Mai', 'Nimman ThaPhae'],
      ['acq_chaophraya', 'Phuket', 'Patong Rawai'],
    ],
    brands: 'Mali Chaba Saithong Bua Namthip Rungrot Fahsai Lamduan Chomdao Thongsuk',
    eateries: 'Noodles Krua Seafood Khaosoi',
    cafes: 'Coffee Cha Roti',
    bars: 'Bar Rooftop',
  },
  {
    market: 'KR',
    currency: 'KRW',
    count: 32,
    places: [
      ['acq_hangang', 'Seoul', 'Myeongdong Hongdae Bukchon Insadong Gangnam'],
      ['acq_hangang', 'Busan', 'Haeundae Nampo'],
      ['acq_hangang', 'Jeju', 'Tapdong'],
    ],
    brands: 'Dalbit Noeul Sonamu Byeolbit Maehwa Sarang Onnuri Gaon Areum',
    eateries: 'Gukbap Bulgogi Naengmyeon Bunsik',
    cafes: 'Dabang Coffee Hotteok',
    bars: 'Pocha Makgeolli',
  },
  {
    market: 'SG',
    currency: 'SGD',
    count: 30,
    places: [
      ['acq_kallang', 'Singapore', 'Katong Bugis Tiong.Bahru Chinatown Orchard Geylang Joo.Chiat'],
    ],
    brands: 'Orchid Tembusu Sampan Kampong Pandan Heliconia Otter Banyan Lantern',
    eateries: 'Laksa Kopitiam Zichar Biryani',
    cafes: 'Kopi Toast Dessert',
    bars: 'Taproom Bistro',
  },
  {
    market: 'MY',
    currency: 'MYR',
    count: 32,
    places: [
      ['acq_klang', 'Kuala Lumpur', 'Bukit.Bintang Bangsar Jalan.Alor Cheras'],
      ['acq_klang', 'George Town', 'Lebuh.Chulia Gurney'],
      ['acq_klang', 'Melaka', 'Jonker'],
    ],
    brands: 'Melati Wau Bunga.Raya Rimba Seri Kenanga Merak Cempaka Delima',
    eateries: 'Nasi.Kandar Satay Mee Ikan.Bakar',
    cafes: 'Kopi Cendol Roti',
    bars: 'Bar Lounge',
  },
  {
    market: 'HK',
    currency: 'HKD',
    count: 30,
    places: [
      ['acq_shingmun', 'Hong Kong', 'Central Wan.Chai Sheung.Wan Stanley'],
      ['acq_shingmun', 'Kowloon', 'Mong.Kok Jordan Sham.Shui.Po'],
    ],
    brands: 'Bauhinia Junk Peony Jade.Lion Harbour Kapok Sparrow Firefly Dragonfly',
    eateries: 'Dim.Sum Congee Roast Noodles',
    cafes: 'Cha.Chaan Egg.Tart Bakery',
    bars: 'Bar Taproom',
  },
  {
    market: 'PH',
    currency: 'PHP',
    count: 28,
    places: [
      ['acq_pasig', 'Manila', 'Intramuros Ermita Binondo'],
      ['acq_pasig', 'Makati', 'Poblacion Salcedo'],
      ['acq_pasig', 'Cebu', 'Lahug'],
    ],
    brands: 'Sampaguita Bahaghari Tala Maliksi Narra Kalesa Dagat Mayumi Ligaya',
    eateries: 'Karinderya Lechon Adobo Seafood',
    cafes: 'Halo-Halo Kape Panaderia',
    bars: 'Ihaw Bar',
  },
  {
    market: 'ID',
    currency: 'IDR',
    count: 28,
    places: [
      ['acq_ciliwung', 'Jakarta', 'Menteng Kota.Tua Kemang'],
      ['acq_ciliwung', 'Denpasar', 'Sanur Kuta Ubud'],
      ['acq_ciliwung', 'Yogyakarta', 'Malioboro'],
    ],
    brands: 'Kenari Rembulan Teratai Cendana Nusa Merpati Senja Pelangi Anggrek',
    eateries: 'Warung Padang Sate Bakso',
    cafes: 'Kopi Martabak Jamu',
    bars: 'Beach.Bar Bar',
  },
];

/**
 * Category, weight per thousand, MCCs and kind words. The weights are half the share of merchants
 * and half the share of tourists' payments of an estimate for Japan shaped on its economic census.
 */
export const CATEGORIES: readonly (readonly [weight: number, mccs: string, kinds: string])[] = [
  [178, '5812', 'eateries'],
  [97, '5814', 'cafes'],
  [48, '5813', 'bars'],
  [134, '5499', 'Mart Konbini Corner'],
  [50, '5411', 'Grocer Market'],
  [54, '5441 5947 5462', 'Sweets Souvenirs Bakery'],
  [31, '5921', 'Spirits Cellar'],
  [59, '5912 5977', 'Pharmacy Beauty'],
  [12, '5311', 'Depato'],
  [15, '5309', 'Duty.Free'],
  [31, '5331 5310', 'Bazaar Variety'],
  [55, '5651 5661 5699', 'Threads Shoes Atelier'],
  [15, '5732', 'Denki'],
  [31, '5945 5942', 'Toys Books'],
  [7, '5944', 'Jewels'],
  [57, '5999 5992', 'Crafts Flowers'],
  [14, '7011', 'Inn'],
  [24, '4121', 'Taxi'],
  [8, '4111', 'Ferry'],
  [2, '7512', 'Cars'],
  [13, '7996 7991', 'Park Museum'],
  [8, '7994', 'Arcade'],
  [39, '7298 7230', 'Spa Salon'],
  [10, '8021', 'Dental'],
  [10, '7299 7210', 'Rentals Laundry'],
];

/** The few merchants that logs, tests and demonstrations are told with. */
export interface NamedMerchant {
  readonly market: string;
  readonly acquirer: string;
  readonly city: string;
  readonly name: string;
  readonly mcc: string;
  readonly address: string;
}

export const NAMED_CAST: readonly NamedMerchant[] = [
  {
    market: 'JP',
    acquirer: 'acq_kamogawa',
    city: 'Kyoto',
    name: 'Gion Menya Kawara',
    mcc: '5812',
    address: '2-11 Gionmachi Minamigawa, Higashiyama, Kyoto',
  },
  {
    market: 'JP',
    acquirer: 'acq_sumida',
    city: 'Tokyo',
    name: 'Asakusa Senbei Hinode',
    mcc: '5441',
    address: '1-36 Asakusa, Taito, Tokyo',
  },
  {
    market: 'JP',
    acquirer: 'acq_yodo',
    city: 'Osaka',
    name: 'Dotonbori Takoyaki Maru',
    mcc: '5814',
    address: '1-7 Dotonbori, Chuo, Osaka',
  },
  {
    market: 'TH',
    acquirer: 'acq_chaophraya',
    city: 'Bangkok',
    name: 'Yaowarat Boat Noodles',
    mcc: '5812',
    address: '88 Yaowarat Road, Samphanthawong, Bangkok',
  },
  {
    market: 'KR',
    acquirer: 'acq_hangang',
    city: 'Seoul',
    name: 'Bukchon Hanbok House',
    mcc: '7299',
    address: '14 Gyedong-gil, Jongno, Seoul',
  },
  {
    market: 'SG',
    acquirer: 'acq_kallang',
    city: 'Singapore',
    name: 'Katong Laksa Corner',
    mcc: '5812',
    address: '57 East Coast Road, Singapore',
  },
  {
    market: 'MY',
    acquirer: 'acq_klang',
    city: 'Kuala Lumpur',
    name: 'Jalan Alor Satay Yard',
    mcc: '5812',
    address: '21 Jalan Alor, Kuala Lumpur',
  },
  {
    market: 'HK',
    acquirer: 'acq_shingmun',
    city: 'Kowloon',
    name: 'Mong Kok Egg Tart Lab',
    mcc: '5462',
    address: '9 Fa Yuen Street, Mong Kok, Kowloon',
  },
  {
    market: 'PH',
    acquirer: 'acq_pasig',
    city: 'Manila',
    name: 'Intramuros Halo-Halo Stop',
    mcc: '5814',
    address: '12 General Luna Street, Intramuros, Manila',
  },
  {
    market: 'ID',
    acquirer: 'acq_ciliwung',
    city: 'Denpasar',
    name: 'Ubud Batik Atelier',
    mcc: '5699',
    address: '5 Jalan Hanoman, Ubud, Denpasar',
  },
];
