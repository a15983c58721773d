using System.Globalization;
using System.Threading.Channels;
using ClusterGrains.Clusters;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;
using ClusterGrains.Tests.Processes;

namespace ClusterGrains.Tests.Storage;

/// <summary>Real silo processes that share one MongoDB.</summary>
public sealed class MongoSilosTests(DoubledMongo server) : IClassFixture<DoubledMongo>
{
    private const int Resources = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_silos_share_the_resources_and_those_of_a_killed_one_go_on_in_the_others()
    {
        using var test = await TestMongo.On(server).Open();
        await using var world = await FaultWorld.Start(Cancellation);
        await using var silos = new Silos(world, server, test);
        int[] ports = [silos.Start(), silos.Start(), silos.Start()];
        await silos.Until(async () => await Active(test) == 3);
        foreach (var number in Enumerable.Range(0, Resources))
        {
            world.Create($"logs-{number:00}", schedule: "interval: 3s");
        }

        await silos.Until(rows => rows.Count == Resources && ports.All(port => rows.Any(row => IsIn(row, port))));

        await silos.Kill(ports[0]);

        await silos.Until(rows => !rows.Any(row => IsIn(row, ports[0])));
        Assert.Equal(2, await Active(test));
        var moved = await test.Index.List(SearchClusters.Kind.Name, Cancellation);
        await silos.Until(rows => rows.Zip(moved).All(pair => pair.First.Revision > pair.Second.Revision));
        Assert.Equal(Resources, (await test.Reminders.ReadRows(0, 0, Cancellation)).Reminders.Count);
    }

    [Fact]
    public async Task When_all_silos_were_killed_at_once_a_new_one_takes_over_alone()
    {
        using var test = await TestMongo.On(server).Open();
        await using var world = await FaultWorld.Start(Cancellation);
        await using var silos = new Silos(world, server, test);
        world.Create("logs");
        int[] killed = [silos.Start(), silos.Start()];
        await silos.Until(rows => rows.Count == 1);
        await silos.Until(async () => await Active(test) == 2);
        await Task.WhenAll(killed.Select(silos.Kill));

        var port = silos.Start();

        await silos.Until(rows => IsIn(Assert.Single(rows), port));
        Assert.Equal(1, await Active(test));
    }

    private static bool IsIn(IndexRow row, int port) =>
        row.Silo?.Contains(string.Create(CultureInfo.InvariantCulture, $":{port}@"), StringComparison.Ordinal) == true;

    private static async Task<int> Active(TestMongo test) =>
        (await test.Membership.ReadAllAsync(Cancellation)).Members.Count(member => member.Item1.Status is SiloStatus.Active);

    /// <summary>Silo processes of one cluster, and everything they say.</summary>
    private sealed class Silos(FaultWorld world, DoubledMongo server, TestMongo test) : IAsyncDisposable
    {
        private static readonly TimeSpan Guard = TimeSpan.FromMinutes(5);

        private readonly TestFolder _folder = new();
        private readonly Dictionary<int, ChildProcess> _running = [];
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        /// <summary>The silo's port, by which it is known.</summary>
        public int Start()
        {
            var armed = Path.Combine(_folder.Path, "armed");
            File.WriteAllText(armed, CrashPoint.None);
            var port = Ports.Free();
            var silo = ChildProcess.Start(CrashingSilo.Verb,
            [
                armed, .. world.SiloArguments,
                "--Storage:Provider=MongoDb",
                $"--Storage:MongoDb:ConnectionString={server.ConnectionString}",
                $"--Storage:MongoDb:Database={test.Name}",
                $"--Orleans:ClusterId={test.Id}",
                $"--Orleans:ServiceId={test.Id}",
                $"--Orleans:SiloPort={port}",
            ]);
            _running.Add(port, silo);
            _ = Listen(silo);
            return port;
        }

        public async Task Kill(int port)
        {
            _running.Remove(port, out var silo);
            await silo!.Kill(Cancellation);
            await silo.DisposeAsync();
        }

        public Task Until(Func<IReadOnlyList<IndexRow>, bool> holds) =>
            Until(async () => holds(await test.Index.List(SearchClusters.Kind.Name, Cancellation)));

        /// <summary>Looks again whenever a silo has done something.</summary>
        public async Task Until(Func<Task<bool>> holds)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            patience.CancelAfter(Guard);
            try
            {
                while (!await holds())
                {
                    await _lines.Reader.ReadAsync(patience.Token);
                }
            }
            catch (OperationCanceledException)
            {
                var rows = await test.Index.List(SearchClusters.Kind.Name, CancellationToken.None);
                throw new TimeoutException(
                    $"It never came to that. Rows by silo: {string.Join(", ", rows.CountBy(row => row.Silo ?? "nobody"))}. Membership: "
                    + (await test.Membership.ReadAllAsync(CancellationToken.None)));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var silo in _running.Values)
            {
                await silo.DisposeAsync();
            }

            _folder.Dispose();
        }

        private async Task Listen(ChildProcess silo)
        {
            while (await silo.ReadLine(CancellationToken.None) is { } line)
            {
                _lines.Writer.TryWrite(line);
            }
        }
    }
}
