:PREROUTING,INPUT,FORWARD,OUTPUT,POSTROUTING
*mangle
-j CONNSECMARK2 --save;-j CONNSECMARK --save;OK
-j CONNSECMARK2 --restore;-j CONNSECMARK --restore;OK
-j CONNSECMARK2;;FAIL
-j CONNSECMARK2 --save --restore;;FAIL
-j CONNSECMARK2 --save --accept;;FAIL
-j CONNSECMARK2 --restore --accept;;FAIL
-j CONNSECMARK2 --restore --overwrite;;FAIL
