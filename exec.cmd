@rem The scripts of package.json begin with `exec`, so that no shell stands between npm and the program to swallow
@rem its signals. cmd.exe has no such word; it finds this file instead.
@%*
