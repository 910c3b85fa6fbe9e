"""Names of countries and territories in English and Spanish, with their ISO 3166 codes.

A line holds alpha-2, alpha-3, then names that lists and forms use, divided by ``|``.
"""

TABLE = """\
AD AND Andorra
AE ARE United Arab Emirates|Emiratos Árabes Unidos|UAE
AF AFG Afghanistan|Afganistán
AG ATG Antigua & Barbuda|Antigua y Barbuda|Antigua and Barbuda
AI AIA Anguilla|Anguila
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica|Antártida
AR ARG Argentina
AS ASM American Samoa|Samoa Americana
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands|Islas Aland
AZ AZE Azerbaijan|Azerbaiyán
BA BIH Bosnia & Herzegovina|Bosnia y Herzegovina|Bosnia and Herzegovina|Bosnia-Herzegovina
BB BRB Barbados
BD BGD Bangladesh|Bangladés
BE BEL Belgium|Bélgica
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain|Baréin
BI BDI Burundi
BJ BEN Benin|Benín
BL BLM St. Barthélemy|San Bartolomé
BM BMU Bermuda|Bermudas
BN BRN Brunei|Brunéi
BO BOL Bolivia|Plurinational State of Bolivia
BQ BES Caribbean Netherlands|Caribe neerlandés
BR BRA Brazil|Brasil
BS BHS Bahamas|The Bahamas
BT BTN Bhutan|Bután
BV BVT Bouvet Island|Isla Bouvet
BW BWA Botswana|Botsuana
BY BLR Belarus|Bielorrusia
BZ BLZ Belize|Belice
CA CAN Canada|Canadá
CC CCK Cocos (Keeling) Islands|Islas Cocos
CD COD Congo, Democratic Republic of the|Democratic Republic of the Congo
CD COD Congo - Kinshasa|República Democrática del Congo
CF CAF Central African Republic|República Centroafricana
CG COG Congo - Brazzaville|Congo|Congo, Republic of the|Republic of the Congo
CH CHE Switzerland|Suiza
CI CIV Cote d'Ivoire|Ivory Coast
CK COK Cook Islands|Islas Cook
CL CHL Chile
CM CMR Cameroon|Camerún
CN CHN China
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cape Verde|Cabo Verde
CW CUW Curaçao|Curazao
CX CXR Christmas Island|Isla de Navidad
CY CYP Cyprus|Chipre
CZ CZE Czechia|Chequia|Czech Republic|República Checa
DE DEU Germany|Alemania
DJ DJI Djibouti|Yibuti
DK DNK Denmark|Dinamarca
DM DMA Dominica
DO DOM Dominican Republic|República Dominicana
DZ DZA Algeria|Argelia
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt|Egipto
EH ESH Western Sahara|Sáhara Occidental
ER ERI Eritrea
ES ESP Spain|España
ET ETH Ethiopia|Etiopía
FI FIN Finland|Finlandia
FJ FJI Fiji|Fiyi
FK FLK Falkland Islands|Islas Malvinas
FM FSM Micronesia|Micronesia, Federated States of
FO FRO Faroe Islands|Islas Feroe
FR FRA France|Francia
GA GAB Gabon|Gabón
GB GBR United Kingdom|Reino Unido|Great Britain|England
GD GRD Grenada|Granada
GE GEO Georgia
GF GUF French Guiana|Guayana Francesa
GG GGY Guernsey|Guernesey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland|Groenlandia
GM GMB Gambia|The Gambia
GN GIN Guinea
GP GLP Guadeloupe|Guadalupe
GQ GNQ Equatorial Guinea|Guinea Ecuatorial
GR GRC Greece|Grecia
GS SGS South Georgia & South Sandwich Islands|Islas Georgia del Sur y Sandwich del Sur
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau|Guinea-Bisáu
GY GUY Guyana
HK HKG Hong Kong SAR China|RAE de Hong Kong (China)|Hong Kong
HM HMD Heard & McDonald Islands|Islas Heard y McDonald
HN HND Honduras
HR HRV Croatia|Croacia
HT HTI Haiti|Haití
HU HUN Hungary|Hungría
ID IDN Indonesia
IE IRL Ireland|Irlanda
IL ISR Israel
IM IMN Isle of Man|Isla de Man
IN IND India
IO IOT British Indian Ocean Territory|Territorio Británico del Océano Índico
IQ IRQ Iraq|Irak
IR IRN Iran|Irán|Islamic Republic of Iran
IS ISL Iceland|Islandia
IT ITA Italy|Italia
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan|Jordania
JP JPN Japan|Japón
KE KEN Kenya|Kenia
KG KGZ Kyrgyzstan|Kirguistán
KH KHM Cambodia|Camboya
KI KIR Kiribati
KM COM Comoros|Comoras
KN KNA St. Kitts & Nevis|San Cristóbal y Nieves|Saint Kitts and Nevis
KP PRK North Korea|Corea del Norte|Korea, North|Democratic People's Republic of Korea|DPRK
KR KOR South Korea|Corea del Sur|Korea, South|Republic of Korea
KW KWT Kuwait
KY CYM Cayman Islands|Islas Caimán
KZ KAZ Kazakhstan|Kazajistán
LA LAO Laos
LB LBN Lebanon|Líbano
LC LCA St. Lucia|Santa Lucía|Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho|Lesoto
LT LTU Lithuania|Lituania
LU LUX Luxembourg|Luxemburgo
LV LVA Latvia|Letonia
LY LBY Libya|Libia
MA MAR Morocco|Marruecos
MC MCO Monaco|Mónaco
MD MDA Moldova|Moldavia|Republic of Moldova
ME MNE Montenegro
MF MAF St. Martin|San Martín
MG MDG Madagascar
MH MHL Marshall Islands|Islas Marshall
MK MKD North Macedonia|Macedonia del Norte|Macedonia, The Former Yugoslav Republic of|Macedonia
ML MLI Mali
MM MMR Myanmar (Burma)|Myanmar (Birmania)|Burma|Birmania
MN MNG Mongolia
MO MAC Macao SAR China|RAE de Macao (China)|Macau
MP MNP Northern Mariana Islands|Islas Marianas del Norte
MQ MTQ Martinique|Martinica
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius|Mauricio
MV MDV Maldives|Maldivas
MW MWI Malawi|Malaui
MX MEX Mexico|México
MY MYS Malaysia|Malasia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia|Nueva Caledonia
NE NER Niger|Níger
NF NFK Norfolk Island|Isla Norfolk
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands|Países Bajos|Holland|The Netherlands|Holanda
NO NOR Norway|Noruega
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand|Nueva Zelanda
OM OMN Oman|Omán
PA PAN Panama|Panamá
PE PER Peru|Perú
PF PYF French Polynesia|Polinesia Francesa
PG PNG Papua New Guinea|Papúa Nueva Guinea
PH PHL Philippines|Filipinas
PK PAK Pakistan|Pakistán
PL POL Poland|Polonia
PM SPM St. Pierre & Miquelon|San Pedro y Miquelón
PN PCN Pitcairn Islands|Islas Pitcairn
PR PRI Puerto Rico
PS PSE Palestinian Territories|Territorios Palestinos
PS PSE Palestinian|Palestinian Authority|West Bank|Gaza|Palestine
PT PRT Portugal
PW PLW Palau|Palaos
PY PRY Paraguay
QA QAT Qatar|Catar
RE REU Réunion|Reunión
RO ROU Romania|Rumanía
RS SRB Serbia
RU RUS Russia|Rusia|Russian Federation
RW RWA Rwanda|Ruanda
SA SAU Saudi Arabia|Arabia Saudí
SB SLB Solomon Islands|Islas Salomón
SC SYC Seychelles
SD SDN Sudan|Sudán|The Sudan
SE SWE Sweden|Suecia
SG SGP Singapore|Singapur
SH SHN St. Helena|Santa Elena
SI SVN Slovenia|Eslovenia
SJ SJM Svalbard & Jan Mayen|Svalbard y Jan Mayen
SK SVK Slovakia|Eslovaquia
SL SLE Sierra Leone|Sierra Leona
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname|Surinam
SS SSD South Sudan|Sudán del Sur
ST STP São Tomé & Príncipe|Santo Tomé y Príncipe|Sao Tome and Principe
SV SLV El Salvador
SX SXM Sint Maarten
SY SYR Syria|Siria|Syrian Arab Republic
SZ SWZ Eswatini|Esuatini|Swaziland
TC TCA Turks & Caicos Islands|Islas Turcas y Caicos
TD TCD Chad
TF ATF French Southern Territories|Territorios Australes Franceses
TG TGO Togo
TH THA Thailand|Tailandia
TJ TJK Tajikistan|Tayikistán
TK TKL Tokelau
TL TLS Timor-Leste|East Timor
TM TKM Turkmenistan|Turkmenistán
TN TUN Tunisia|Túnez
TO TON Tonga
TR TUR Türkiye|Turquía|Turkey
TT TTO Trinidad & Tobago|Trinidad y Tobago|Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan|Taiwán
TZ TZA Tanzania|United Republic of Tanzania
UA UKR Ukraine|Ucrania
UG UGA Uganda
UM UMI U.S. Outlying Islands|Islas menores alejadas de EE. UU.
US USA United States|Estados Unidos|USA|Estados Unidos de América|United States of America
UY URY Uruguay
UZ UZB Uzbekistan|Uzbekistán
VA VAT Vatican City|Ciudad del Vaticano|Holy See
VC VCT St. Vincent & Grenadines|San Vicente y las Granadinas|Saint Vincent and the Grenadines
VE VEN Venezuela|Bolivarian Republic of Venezuela
VG VGB British Virgin Islands|Islas Vírgenes Británicas|Virgin Islands, British
VI VIR U.S. Virgin Islands|Islas Vírgenes de EE. UU.|Virgin Islands, U.S.
VN VNM Vietnam|Viet Nam
VU VUT Vanuatu
WF WLF Wallis & Futuna|Wallis y Futuna
WS WSM Samoa|Western Samoa
XK XKK Kosovo
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa|Sudáfrica
ZM ZMB Zambia
ZW ZWE Zimbabwe|Zimbabue
"""
