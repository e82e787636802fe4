/** When people buy: our estimate, by kind of shop. */

/** Weights of the hours 0 to 23, by kind of shop: workdays, then weekends and days off. */
const MEALS = [
  [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 3, 10, 14, 9, 4, 3, 4, 9, 14, 13, 8, 4, 2, 0],
  [0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 4, 11, 14, 11, 6, 4, 5, 10, 13, 12, 7, 4, 2, 0],
];
const CAFE = [
  [0, 0, 0, 0, 0, 0, 2, 6, 9, 8, 7, 7, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  [0, 0, 0, 0, 0, 0, 1, 4, 8, 9, 9, 8, 8, 9, 10, 10, 8, 6, 5, 4, 3, 2, 1, 0],
];
const BAR = [
  [4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 3, 9, 15, 18, 17, 14, 10, 7],
  [5, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 5, 11, 15, 17, 16, 13, 10, 7],
];
const ALL_DAY = [
  [3, 2, 1, 1, 1, 1, 3, 6, 8, 6, 5, 5, 6, 5, 5, 5, 5, 6, 6, 6, 6, 7, 6, 5],
  [3, 2, 2, 1, 1, 1, 2, 4, 7, 7, 6, 5, 6, 5, 5, 5, 5, 5, 6, 6, 6, 7, 6, 5],
];
const GROCERY = [
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 7, 7, 6, 6, 6, 7, 9, 10, 11, 10, 8, 5, 2, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 9, 8, 8, 8, 8, 9, 10, 9, 8, 6, 4, 1, 0],
];
const SHOPS = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 7, 9, 9, 9, 10, 11, 11, 10, 10, 8, 3, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 10, 11, 12, 13, 12, 11, 9, 7, 5, 2, 0, 0, 0],
];
const LATE_SHOPS = [
  [2, 1, 0, 0, 0, 0, 0, 0, 0, 4, 6, 7, 7, 7, 7, 8, 8, 8, 9, 10, 10, 8, 6, 4],
  [2, 1, 0, 0, 0, 0, 0, 0, 0, 4, 7, 8, 8, 8, 9, 9, 9, 8, 8, 9, 9, 7, 5, 3],
];
const AIRPORT = [
  [1, 0, 0, 0, 0, 2, 6, 8, 8, 8, 8, 7, 6, 6, 6, 7, 7, 7, 6, 5, 4, 3, 2, 1],
  [1, 0, 0, 0, 0, 2, 6, 8, 9, 9, 8, 7, 6, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1],
];
const LODGING = [
  [0, 0, 0, 0, 0, 0, 1, 4, 8, 10, 11, 5, 2, 3, 6, 11, 10, 8, 7, 5, 4, 3, 1, 1],
  [0, 0, 0, 0, 0, 0, 1, 3, 8, 11, 12, 5, 2, 3, 7, 12, 10, 8, 6, 5, 3, 2, 1, 1],
];
const RIDES = [
  [3, 2, 1, 1, 1, 2, 4, 6, 7, 6, 5, 5, 4, 4, 4, 4, 5, 6, 6, 5, 5, 6, 6, 5],
  [4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 6, 5, 5, 5, 5, 5, 6, 6, 6, 5, 5, 6, 6, 5],
];
const TRAINS = [
  [0, 0, 0, 0, 0, 2, 5, 8, 9, 9, 8, 6, 5, 5, 5, 5, 6, 7, 6, 5, 4, 3, 2, 1],
  [0, 0, 0, 0, 0, 2, 4, 7, 10, 10, 9, 7, 5, 5, 5, 6, 6, 7, 6, 4, 3, 2, 1, 1],
];
const SIGHTS = [
  [0, 0, 0, 0, 0, 0, 0, 0, 5, 13, 14, 12, 9, 10, 11, 9, 6, 4, 3, 2, 1, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 1, 7, 14, 14, 12, 9, 10, 11, 9, 6, 4, 2, 1, 1, 0, 0, 0],
];
const EVENINGS = [
  [3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 3, 4, 4, 5, 5, 6, 7, 8, 10, 12, 12, 10, 7, 4],
  [4, 2, 1, 0, 0, 0, 0, 0, 0, 1, 4, 6, 6, 8, 9, 9, 9, 8, 8, 9, 9, 8, 6, 4],
];
const SPA = [
  [0, 0, 0, 0, 0, 0, 1, 1, 2, 5, 7, 7, 6, 7, 8, 9, 9, 9, 9, 9, 8, 5, 2, 1],
  [0, 0, 0, 0, 0, 0, 1, 2, 3, 6, 8, 8, 7, 8, 9, 10, 10, 9, 8, 7, 6, 4, 2, 1],
];
const OFFICE = [
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 10, 13, 11, 5, 6, 12, 12, 10, 8, 4, 1, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 10, 8, 3, 2, 3, 3, 2, 1, 0, 0, 0, 0, 0, 0],
];

export const CATEGORY_HOURS = {
  restaurant: MEALS,
  fast_food_cafe: CAFE,
  bar_izakaya: BAR,
  convenience_store: ALL_DAY,
  supermarket_grocery: GROCERY,
  sweets_bakery_souvenir: SHOPS,
  food_specialty_liquor: GROCERY,
  drugstore_cosmetics: LATE_SHOPS,
  department_store: SHOPS,
  duty_free_airport: AIRPORT,
  discount_variety: LATE_SHOPS,
  apparel_shoes: SHOPS,
  electronics: SHOPS,
  toys_hobby_books: SHOPS,
  luxury_jewelry_leather: SHOPS,
  other_retail: SHOPS,
  hotel_ryokan: LODGING,
  taxi: RIDES,
  rail_bus: TRAINS,
  car_rental: OFFICE,
  theme_park_attraction: SIGHTS,
  karaoke_arcade: EVENINGS,
  onsen_spa_beauty: SPA,
  medical_dental_clinic: OFFICE,
  other_services: OFFICE,
};
