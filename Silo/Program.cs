using ClusterGrains.Hosting;

return args switch
{
    ["verify", .. var settings] => await VerifyHost.Run(settings),
    [TransferHost.Export or TransferHost.Import, ..] => await TransferHost.Run(args),
    _ => await SiloHost.Run(args),
};
