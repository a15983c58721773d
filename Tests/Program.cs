using ClusterGrains.Tests;
using ClusterGrains.Tests.Processes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// "child <verb> …" turns this executable into a process that a test may kill; anything else runs the tests, as the
// entry point that xunit would have generated does.
return args switch
{
    ["child", var verb, .. var rest] => await ChildVerbs.Run(verb, rest),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
