from fangxin.surfaces.cli import main

raise SystemExit(main())
