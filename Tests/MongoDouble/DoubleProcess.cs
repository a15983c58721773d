using System.Globalization;
using System.Net;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Processes;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>The double as a process with a folder: it can be killed and started again at the same address.</summary>
internal sealed class DoubleProcess : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MongoMode _mode;
    private ChildProcess _process;
    private IPEndPoint _address;
    private MongoClient _control;

    private DoubleProcess(MongoMode mode) => (_mode, _process, _address, _control) = (mode, null!, null!, null!);

    public string ConnectionString => _mode == MongoMode.ReplicaSet
        ? $"mongodb://{_address}/?replicaSet={ServerCommands.SetName}"
        : $"mongodb://{_address}/";

    /// <summary>Its process, for signals.</summary>
    public int Id => _process.Id;

    public string Journal => Path.Combine(_folder.Path, "journal");

    public static async Task<DoubleProcess> Start(MongoMode mode, CancellationToken cancellationToken)
    {
        var started = new DoubleProcess(mode);
        await started.Launch(0, cancellationToken);
        var settings = MongoClientSettings.FromConnectionString($"mongodb://{started._address}/?directConnection=true");
        settings.ApplicationName = Connection.ControlName;
        started._control = new MongoClient(settings);
        return started;
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task Kill(CancellationToken cancellationToken) => _process.Kill(cancellationToken);

    /// <summary>Begins again at the same address with what its journal holds.</summary>
    public async Task Restart(CancellationToken cancellationToken)
    {
        await _process.DisposeAsync();
        await Launch(_address.Port, cancellationToken);
    }

    /// <summary>From now on, until told otherwise. <see cref="Misbehaviour.None"/> ends it.</summary>
    public async Task Misbehave(Misbehaviour misbehaviour, CancellationToken cancellationToken)
    {
        try
        {
            await Tell(misbehaviour, cancellationToken);
        }
        catch (MongoConnectionException)
        {
            // The connections to a predecessor that was killed are noticed, and closed, with the first use of one.
            await Tell(misbehaviour, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private Task Tell(Misbehaviour misbehaviour, CancellationToken cancellationToken) =>
        _control.GetDatabase("admin").RunCommandAsync<BsonDocument>(misbehaviour.Command(), cancellationToken: cancellationToken);

    private async Task Launch(int port, CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(DoubleServer.Verb, _folder.Path, port.ToString(CultureInfo.InvariantCulture), $"{_mode}");
        _address = IPEndPoint.Parse(await _process.ReadLine(cancellationToken)
            ?? throw new InvalidOperationException("The double of MongoDB did not start; its message is above."));
    }
}
