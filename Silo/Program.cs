using ClusterGrains.Hosting;

return args is ["verify", .. var settings] ? await VerifyHost.Run(settings) : await SiloHost.Run(args);
