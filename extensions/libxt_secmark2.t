:INPUT,FORWARD,OUTPUT
*security
-m secmark2 --selctx system_u:object_r:web_server_packet_t:s0;=;OK
-m secmark2 ! --selctx system_u:object_r:web_server_packet_t:s0;=;OK
-m secmark2 --conn --selctx system_u:object_r:web_server_packet_t:s0:c0,c2;=;OK
-m secmark2 --conn ! --selctx system_u:object_r:web_server_packet_t:s0;=;OK
-m secmark2 --seltype web_server_packet_t;-m secmark2 --selctx system_u:object_r:web_server_packet_t:s0;OK
-m secmark2 ! --seltype web_server_packet_t --conn;-m secmark2 --conn ! --selctx system_u:object_r:web_server_packet_t:s0;OK
-m secmark2 --labeled;=;OK
-m secmark2 ! --labeled;=;OK
-m secmark2 --labeled --conn;-m secmark2 --conn --labeled;OK
-m secmark2 --conn ! --labeled;=;OK
*filter
-m secmark2 ! --labeled -j DROP;=;OK
*mangle
-m secmark2 --conn --labeled -j ACCEPT;=;OK
-m secmark2;;FAIL
-m secmark2 --conn;;FAIL
-m secmark2 ! --conn --labeled;;FAIL
-m secmark2 --labeled --labeled;;FAIL
-m secmark2 --labeled --seltype web_server_packet_t;;FAIL
-m secmark2 --selctx system_u:object_r:web_servre_packet_t:s0;;FAIL
-m secmark2 --selctx system_u:object_r:web_server_packet_t:s0 --seltype web_server_packet_t;;FAIL
