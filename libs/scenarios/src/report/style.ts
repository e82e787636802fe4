/**
 * The page's own style: no file beside it, no font from elsewhere. Colours are told apart by people
 * who see no red or green (after Okabe and Ito) and stand out against their ground by 3 : 1 at
 * least, text by 4.5 : 1, in light and dark.
 */
const LIGHT = `
  --paper:#fbfaf7; --card:#ffffff; --ink:#1c2430; --soft:#56606e; --rule:#dcd8cf; --grid:#ebe7de;
  --accent:#0b6470; --accent-wash:#d5e8ea; --loss:#b4481f; --loss-wash:#f3d9cc; --quiet:#c9cdd3;
  --c0:#1d5fa6; --c1:#b34e22; --c2:#2b7a57; --c3:#8756a3; --c4:#8a660b; --c5:#2f8296; --c6:#7d838d;`;
const DARK = `
  --paper:#12151b; --card:#191d25; --ink:#ebe8e1; --soft:#a3abb8; --rule:#323843; --grid:#252a33;
  --accent:#5cc0cc; --accent-wash:#173b41; --loss:#ee8a62; --loss-wash:#47281b; --quiet:#4a515d;
  --c0:#6ba6e8; --c1:#e98d61; --c2:#62b98f; --c3:#bd92da; --c4:#d3ac48; --c5:#66bdd0; --c6:#9199a5;`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}
  --sans:ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;
  --serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,"Noto Serif",serif;
  --mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{color-scheme:light;${LIGHT}--paper:#fff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);
  font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main,header.top,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header.top{padding-top:56px;padding-bottom:8px}
.kicker{margin:0 0 10px;font-size:13px;letter-spacing:.08em;text-transform:uppercase;color:var(--accent);font-weight:600}
h1{margin:0;font:600 40px/1.15 var(--serif);letter-spacing:-.01em}
.lede{max-width:46em;margin:18px 0 0;font:20px/1.55 var(--serif)}
.facts{margin:18px 0 0;color:var(--soft);font-size:14px}
.partial{margin:24px 0 0;padding:12px 16px;border-left:4px solid var(--loss);background:var(--loss-wash)}
h2{margin:0;font:600 24px/1.25 var(--serif)}
h3{margin:28px 0 8px;font-size:15px;font-weight:650}
section,figure{margin:56px 0 0;padding:0}
figcaption p,.note{max-width:46em;margin:6px 0 0;color:var(--soft)}
.cards + .note{margin-top:14px;font-size:14px}
.canvas{margin-top:18px;overflow-x:auto}
svg{display:block;width:100%;min-width:840px;height:auto;font-family:var(--sans)}
svg text{fill:var(--ink);font-size:13px}
svg .s{fill:var(--soft);font-size:12px}
svg .d{font-size:12px}
svg .band{fill:var(--accent);fill-opacity:.26}
svg .b{font-weight:600}
svg .h{fill:var(--soft);font-size:11.5px;letter-spacing:.06em;text-transform:uppercase}
svg .in{fill:var(--paper);font-size:12.5px}
svg .end{text-anchor:end} svg .mid{text-anchor:middle}
svg .grid{stroke:var(--grid)} svg .axis{stroke:var(--soft)} svg .zero{stroke:var(--ink);stroke-width:1}
svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
svg .accent{fill:var(--accent)} svg .wash{fill:var(--accent-wash)} svg .loss{fill:var(--loss)}
svg .losswash{fill:var(--loss-wash)} svg .quiet{fill:var(--quiet)}
svg .line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
svg .thin{fill:none;stroke:var(--accent);stroke-width:1.25}
svg .limit{stroke:var(--loss);stroke-width:1.5;stroke-dasharray:6 4;fill:none}
${[0, 1, 2, 3, 4, 5, 6].map((i) => `svg .f${String(i)}{fill:var(--c${String(i)})} svg .k${String(i)}{stroke:var(--c${String(i)})}`).join('\n')}
svg .link{fill:none;stroke-opacity:.34} svg .link:hover{stroke-opacity:.62}
.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin:40px 0 0;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px 18px 14px}
.cards .name{font-size:14px;color:var(--soft)}
.cards .value{font:600 31px/1.2 var(--serif);margin:2px 0}
.cards .range{font-size:13px;color:var(--soft)}
.cards svg{min-width:0;margin-top:8px}
.key{display:flex;flex-wrap:wrap;gap:6px 20px;margin:14px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:7px;vertical-align:-1px}
details{margin-top:12px}
summary{cursor:pointer;color:var(--accent);font-size:14px;width:max-content;padding:2px 0}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
.scroll{overflow-x:auto;margin-top:8px}
table{border-collapse:collapse;font-size:14px;width:100%}
th,td{padding:5px 14px 5px 0;text-align:right;border-bottom:1px solid var(--rule);font-weight:400;vertical-align:top}
thead th{color:var(--soft);font-size:12.5px;border-bottom-color:var(--soft);vertical-align:bottom}
th.w,td.w{text-align:left}
th:last-child,td:last-child{padding-right:0}
.mark{color:var(--accent);font-weight:600}
.met{color:var(--c2);font-weight:600} .missed{color:var(--loss);font-weight:600}
ul.plain{margin:8px 0 0;padding:0 0 0 1.1em} ul.plain li{margin:5px 0}
.src{color:var(--soft);font-size:13.5px}
code,pre{font:13px/1.5 var(--mono)}
pre{margin:12px 0 0;padding:14px 16px;background:var(--card);border:1px solid var(--rule);border-radius:8px;overflow-x:auto}
a{color:var(--accent)}
footer{margin-top:64px;padding-top:20px;padding-bottom:56px;color:var(--soft);font-size:13.5px}
footer p{border-top:1px solid var(--rule);padding-top:18px}
@media (max-width:820px){.cards{grid-template-columns:repeat(2,1fr)} h1{font-size:32px}}
@media (max-width:520px){.cards{grid-template-columns:1fr} main,header.top,footer{padding-left:16px;padding-right:16px} .lede{font-size:18px}}
@media print{body{font-size:11pt} header.top{padding-top:0} section,figure{margin-top:28px;break-inside:avoid}
  details{display:none} .cards li{break-inside:avoid} .canvas,.scroll{overflow:visible} svg{min-width:0}
  section.long{break-inside:auto} @page{margin:16mm}}
`;
