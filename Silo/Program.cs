using ClusterGrains.Hosting;

return await SiloHost.Run(args);
