using ClusterGrains.Sandbox;

return await SandboxCommand.Run(args, SandboxRun.Run);
