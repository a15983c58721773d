using System.Text.Json.Serialization;
using System.Threading.Channels;
using ClusterGrains.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Storage;

/// <summary>The registration, under a real silo.</summary>
public sealed class SqliteSiloTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_and_reminder_of_a_grain_survive_a_restart_of_the_silo()
    {
        using var files = new TestDatabase();
        var ticks = new Ticks();
        await using var cluster = Cluster(files.Path, ticks);
        await cluster.DeployAsync(Cancellation);
        await Grain(cluster).Remind();
        Assert.Equal(1, await Grain(cluster).Add());
        await ticks.Next(Cancellation);

        await cluster.RestartSiloAsync(cluster.Silos[0]);
        ticks.Forget();

        Assert.Equal("default/orders", await ticks.Next(Cancellation));
        Assert.Equal(2, await Grain(cluster).Add());
    }

    [Fact]
    public async Task A_write_with_an_old_ETag_deactivates_the_grain_which_then_goes_on_with_what_is_stored()
    {
        using var files = new TestDatabase();
        await using var cluster = Cluster(files.Path, new Ticks());
        await cluster.DeployAsync(Cancellation);
        var grain = Grain(cluster);
        await grain.Add();
        var storage = cluster.GetSiloServiceProvider().GetRequiredService<IGrainStorage>();
        var zombie = new GrainState<PlainState>();
        await storage.ReadStateAsync("counter", grain.GetGrainId(), zombie, Cancellation);
        zombie.State = new PlainState { Value = 10 };
        await storage.WriteStateAsync("counter", grain.GetGrainId(), zombie, Cancellation);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add());

        Assert.Equal(11, await grain.Add());
    }

    [Fact]
    public void The_default_storage_is_found_with_and_without_its_name()
    {
        using var host = Host([]);

        Assert.IsType<SqliteGrainStorage>(host.Services.GetRequiredService<IGrainStorage>());
        Assert.IsType<SqliteGrainStorage>(host.Services.GetRequiredKeyedService<IGrainStorage>(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME));
        Assert.IsType<SqliteReminderTable>(host.Services.GetRequiredService<IReminderTable>());
        Assert.IsType<SqliteResourceIndex>(host.Services.GetRequiredService<IResourceIndex>());
    }

    [Fact]
    public void The_file_is_by_default_below_the_working_directory()
    {
        using var host = Host([]);

        Assert.Equal("data/clustergrains.db", host.Services.GetRequiredService<IOptions<SqliteOptions>>().Value.Path);
    }

    [Fact]
    public void All_wrong_settings_are_named_at_start_with_value_and_cure()
    {
        using var host = Host(new() { ["Storage:Provider"] = "Oracle", ["Storage:Sqlite:Path"] = "" });

        var failure = Assert.Throws<AggregateException>(
            () => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Storage:Provider is 'Oracle'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:Sqlite:Path is empty", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Through the silo's own client: the cluster's may still look for the gateway that was stopped.</summary>
    private static ICounterGrain Grain(InProcessTestCluster cluster) =>
        cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("default/orders");

    private static InProcessTestCluster Cluster(string path, Ticks ticks)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(
                new Dictionary<string, string?> { ["Storage:Sqlite:Path"] = path });
            host.Services.AddSingleton<JsonSerializerContext>(SampleJson.Default);
            host.Services.AddSingleton(ticks);
        });
        builder.ConfigureSilo((_, silo) => silo
            .AddSqliteStorage()
            .Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(1)));
        return builder.Build();
    }

    private static IHost Host(Dictionary<string, string?> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddSqliteStorage());
        return builder.Build();
    }

    /// <summary>The ticks that grains received, across restarts of the silo.</summary>
    internal sealed class Ticks
    {
        private readonly Channel<string> _ticks = Channel.CreateUnbounded<string>();

        public void Received(string key) => _ticks.Writer.TryWrite(key);

        public void Forget()
        {
            while (_ticks.Reader.TryRead(out _))
            {
            }
        }

        public async Task<string> Next(CancellationToken cancellationToken) =>
            await _ticks.Reader.ReadAsync(cancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
    }

    [Alias("ClusterGrains.Tests.ICounterGrain")]
    internal interface ICounterGrain : IGrainWithStringKey
    {
        [Alias("Add")]
        Task<int> Add();

        [Alias("Remind")]
        Task Remind();
    }

    [GrainType("counter")]
    internal sealed class CounterGrain(
        [PersistentState("counter")] IPersistentState<PlainState> state, Ticks ticks)
        : Grain, ICounterGrain, IRemindable
    {
        public async Task<int> Add()
        {
            state.State = state.State with { Value = state.State.Value + 1 };
            await state.WriteStateAsync();
            return state.State.Value;
        }

        public Task Remind() => this.RegisterOrUpdateReminder("turn", TimeSpan.Zero, TimeSpan.FromSeconds(1));

        public Task ReceiveReminder(string reminderName, TickStatus status)
        {
            ticks.Received(this.GetPrimaryKeyString());
            return Task.CompletedTask;
        }
    }
}
