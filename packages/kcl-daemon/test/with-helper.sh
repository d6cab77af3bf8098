# Starts a helper that would outlive it, says who that is, and waits for it.
sleep 300 &
echo $!
wait
