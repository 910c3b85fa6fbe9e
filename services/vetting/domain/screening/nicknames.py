"""Given names that stand for one another: short forms, and one name in several languages."""

from functools import cache

GROUPS = """\
jose pepe chepe joseph joe josef
francisco paco pancho frank francis franco frankie kiko curro cisco francesco
jesus chuy chucho
guadalupe lupe lupita
alejandro alexander alex sasha alexandre aleksandr alejo alessandro aliaksandr oleksandr sandro
alejandra alexandra alexa sandra
jorge george coque jorg georges georg
ricardo richard rick rich dick ricky
roberto robert bob rob bobby beto bert
juan john johnny jack juanito jean giovanni ivan jon johan johann yahya
carlos charles charlie carlo carl karl chuck
antonio anthony tony tono toni anton antoine
manuel manny manolo emmanuel lolo emanuel
miguel michael mike mickey mick migue mikhail michel mikail
eduardo edward ed eddie lalo ted eddy edgardo
luis louis lucho lou luigi lewis
pedro peter pete perico pierre piotr petr pyotr
pablo paul pavel paolo paulo
enrique henry quique kike hank henri enrico heinrich
guillermo william bill will memo billy willy guille willie liam wilhelm
ignacio nacho
rafael rafa raphael ralph
fernando fer nando ferdinand
gerardo gerard gerry lalo jerry
jaime james jim jimmy jacobo diego santiago jacob iago
daniel dan danny dani
david dave davy
andres andrew andy drew andrei andrey andre
arturo arthur art turo
alberto albert beto bert
alfonso alphonse poncho fonso alonso
alfredo alfred fredo fred
federico frederick fred fede friedrich freddy
felipe philip phil pipe phillip
vicente vincent vince chente
javier xavier javi
joaquin quin joachim
leonardo leonard leo leon
lorenzo lawrence larry lencho
marcos marcus mark marc marco
mateo matthew matt matias matthias
nicolas nicholas nick nico nikolai nikolay nicola mykola mikalai
ramon moncho raymond ray
salvador chava sal
samuel sam sammy
sebastian sebas seb
sergio serge sergei sergey siarhei serhiy
tomas thomas tom tommy
victor vic viktor
gabriel gabe gabi
gregorio gregory greg goyo grigory ryhor
benjamin ben benny benja
esteban stephen steven steve stefan stefano stephan stepan
gonzalo gonza chalo
hector tito
ernesto ernest neto ernie
mario mayo
maria mary marie mariam maryam miriam mari marija
margarita margaret maggie peggy meg greta
elena helen helena ellen yelena olena alena
isabel elizabeth liz beth betty isabella elisabeth chabela lisa
ana anna anne ann hannah anita hanna
rosa rose rosita
teresa theresa tere
catalina catherine kate cathy katherine kathy katie ekaterina yekaterina katerina cata
cristina christina chris tina kristina
dolores lola loles
patricia pat patty trish pati
concepcion concha conchita
carmen carmela
mercedes meche
monica moni
beatriz beatrice bea betty
josefina josephine pepa fina
rosario chayo
susana susan sue susie suzanne
veronica vero
silvia sylvia
julio julius
julia julie juliana
eugenio eugene gene yevgeny evgeny evgeni yauhen
teodoro theodore ted teddy fyodor
vladimir uladzimir volodymyr vova
dmitry dimitri dmitri dzmitry dima
natalia natalie natasha nataliya natallia
tatiana tatyana tanya tatsiana
muhammad mo mohammad mohammed mohamed mohamad muhammed mohd muhamad mohamud mahomed mahamed
muhammad mohammad mohamed mehmet muhamed mohammod maghomed magomed
ahmad ahmed ahmet achmad akhmad akhmed achmed
abd abdul abdel abdal abdu abdol
abdallah abdullah abdulla abdellah abdala
husayn hussein hussain hossein husein hussayn hosein husain
hasan hassan hasson
yusuf youssef yousef yousuf joseph yusif yosef yusef
ibrahim abraham ebrahim ibrohim
mahmud mahmoud mehmood mahmood
umar omar omer
uthman osman othman usman
ali aly
said saeed saied sayed sayyid sayyed seyyed syed saaid
khalid khaled halid
sulayman suleiman solomon sulaiman soleiman sulejman sliman
musa moussa moses mousa
isa issa
dawud daoud daud dawood
jafar jaafar gafar djafar
qasim kassem qassem kasim ghasem qasem kasem
rahman rehman rachman
mustafa mostafa moustafa
walid waleed oualid
"""


@cache
def _groups() -> dict[str, frozenset[str]]:
    others: dict[str, set[str]] = {}
    for line in GROUPS.splitlines():
        names = set(line.split())
        for name in names:
            others.setdefault(name, set()).update(names)
    return {name: frozenset(group - {name}) for name, group in others.items()}


def stands_for(part: str) -> frozenset[str]:
    """Return the names that may be meant by ``part`` beside itself."""
    return _groups().get(part, frozenset())
