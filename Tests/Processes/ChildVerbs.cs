using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.Faults.Scenarios;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;
using ClusterGrains.Tests.Storage;
using ClusterGrains.Tests.Transfer;

namespace ClusterGrains.Tests.Processes;

/// <summary>What this executable can do as a child of a test. One line per verb.</summary>
internal static class ChildVerbs
{
    private static readonly Dictionary<string, Func<string[], CancellationToken, Task<int>>> All = new()
    {
        [CrashingSilo.Verb] = CrashingSilo.Run,
        [DoubleServer.Verb] = DoubleServer.Run,
        ["echo"] = ChildProcessTests.Echo,
        [FleetSilo.Verb] = FleetSilo.Run,
        ["probe-behind-proxy"] = HostileServerTests.ProbeBehindProxy,
        [StallingImport.Verb] = StallingImport.Run,
        ["put-with-role"] = S3RoleTests.Put,
        ["write-history"] = FileHistoryStoreTests.WriteUntilKilled,
        ["write-storage"] = KilledSiloTests.Write,
    };

    /// <summary>The end of standard input asks the child to end, so no child outlives its test.</summary>
    public static async Task<int> Run(string verb, string[] args)
    {
        using var parentGone = new CancellationTokenSource();
        var lifeline = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            parentGone.Cancel();
        }) { IsBackground = true };
        lifeline.Start();

        return All.TryGetValue(verb, out var run)
            ? await run(args, parentGone.Token)
            : throw new ArgumentException($"'{verb}' is no child verb: {string.Join(", ", All.Keys)}.", nameof(verb));
    }
}
