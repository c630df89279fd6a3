:PREROUTING,INPUT,FORWARD,OUTPUT,POSTROUTING
*mangle
-j CONNSECMARK2 --save;-j CONNSECMARK --save;OK
-j CONNSECMARK2 --restore;-j CONNSECMARK --restore;OK
-j CONNSECMARK2 --restore --overwrite;=;OK
-j CONNSECMARK2 --restore --accept;=;OK
-j CONNSECMARK2 --accept --overwrite --restore;-j CONNSECMARK2 --restore --overwrite --accept;OK
-j CONNSECMARK2;;FAIL
-j CONNSECMARK2 --save --restore;;FAIL
-j CONNSECMARK2 --save --accept;;FAIL
-j CONNSECMARK2 --save --overwrite;;FAIL
-j CONNSECMARK2 --overwrite --accept;;FAIL
-j CONNSECMARK2 --restore --restore;;FAIL
