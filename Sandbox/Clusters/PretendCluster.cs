using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClusterGrains.Sandbox.Clusters.Indices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// A search cluster that is not there: one listening socket on loopback, answers from golden JSON, and every way to
/// misbehave that a check has to tell apart.
/// </summary>
internal sealed class PretendCluster : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly PretendClusterOptions _options;
    private readonly ClusterVitals _vitals;
    private readonly ClusterApi _api;
    // Never disposed: a request may still look at the last one, and without a timer there is nothing to free.
    private volatile CancellationTokenSource _spell = new();
    private WebApplication? _app;
    private Socket? _keptPort;
    private int _port;
    private volatile AnswerGate _gate = new(path: null);
    private volatile Breakage _breakage;
    private ITimer? _restart;
    private int _changes;

    private PretendCluster(PretendClusterOptions options)
    {
        _options = options;
        _vitals = new ClusterVitals(options.Name, options.Engine, options.Time);
        Indices = new PretendIndices(
            options.Name, options.Engine, options.Time, options.IndexFolder is { } folder ? new IndexArchive(folder) : null);
        _api = new ClusterApi(options, _vitals, Indices);
        _port = options.Port;
        _gate.Dispose();
    }

    public string Name => _options.Name;

    public PretendEngine Engine => _options.Engine;

    /// <summary>Where it listens; stays the same when it dies and is healed.</summary>
    public Uri Url => new($"{(_options.Certificate is null ? "http" : "https")}://127.0.0.1:{_port}");

    public Breakage Breakage => _breakage;

    /// <summary>Everything it holds, to be compared with what was sent.</summary>
    public PretendIndices Indices { get; }

    /// <summary>Lets tests meddle with single requests, for example with the n-th bulk.</summary>
    public Interventions Interventions { get; } = new();

    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<PretendCluster> Start(PretendClusterOptions options, CancellationToken cancellationToken)
    {
        var cluster = new PretendCluster(options);
        await cluster.Listen(cancellationToken);
        return cluster;
    }

    public static Task<PretendCluster> Start(string name, PretendEngine engine, CancellationToken cancellationToken) =>
        Start(new PretendClusterOptions { Name = name, Engine = engine }, cancellationToken);

    /// <summary>How many requests came, for one path or in all; those that hang count too.</summary>
    public int Requests(string? path = null) =>
        path is null ? _requests.Values.Sum() : _requests.GetValueOrDefault(path);

    /// <summary>
    /// Misbehaves from now on, instead of what it did before; <see cref="Breakage.None"/> heals. Requests that hang are
    /// cut off.
    /// </summary>
    /// <exception cref="IOException">It was dead, and somebody took its port in the meantime.</exception>
    public async Task Break(Breakage breakage, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_restart is not null)
            {
                await _restart.DisposeAsync();
                _restart = null;
            }

            if (breakage is Breakage.Dead or Breakage.Restart or Breakage.LostNode)
            {
                await StopListening();
                KeepPort();
            }
            else if (_app is null)
            {
                await Listen(cancellationToken);
            }

            _breakage = breakage;
            await EndSpell();
            if (breakage == Breakage.LostNode)
            {
                Indices.LosePrimaries();
            }

            if (breakage is Breakage.Restart or Breakage.LostNode)
            {
                _restart = _options.Time.CreateTimer(
                    _ => _ = ComeBack(), state: null, _options.RestartTime, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Leaves that much on a data node's disk; below the flood stage all indices refuse to be written.</summary>
    /// <param name="node">From 0.</param>
    public void SetDisk(int node, long available) => _vitals.SetDisk(node, available);

    public Task Heal(CancellationToken cancellationToken = default) => Break(Breakage.None, cancellationToken);

    /// <summary>Holds the answers to a path, or to all, until the gate is disposed. Opens an earlier gate.</summary>
    public AnswerGate Hold(string? path = null)
    {
        _gate.Dispose();
        return _gate = new AnswerGate(path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_restart is not null)
        {
            await _restart.DisposeAsync();
        }

        await StopListening();
        _keptPort?.Dispose();
        _changing.Dispose();
    }

    private async Task Listen(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, _port, listen =>
            {
                if (_options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        // A cluster that dies does not wait for its requests.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        app.Run(Serve);

        _keptPort?.Dispose();
        _keptPort = null;
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        _app = app;
        _port = new Uri(app.Urls.First()).Port;
    }

    private async Task StopListening()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
        {
            return;
        }

        await EndSpell();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Bound and not listening: connections are refused, and nobody else gets the port.</summary>
    private void KeepPort()
    {
        if (_keptPort is null)
        {
            _keptPort = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _keptPort.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        }
    }

    private Task EndSpell() => Interlocked.Exchange(ref _spell, new CancellationTokenSource()).CancelAsync();

    private async Task Serve(HttpContext context)
    {
        // What it is when the request arrives decides. The spell first: a breakage that ends between the two lines must
        // not leave the request hanging for ever.
        var spell = _spell.Token;
        var breakage = _breakage;
        var path = context.Request.Path.Value is { Length: > 0 } given ? given : "/";
        _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
        try
        {
            await _gate.Pass(path, context.RequestAborted);
            await Misbehave(breakage, spell, context.RequestAborted);
            if (_options.BulkTime > TimeSpan.Zero && path.EndsWith("/_bulk", StringComparison.Ordinal))
            {
                await Task.Delay(_options.BulkTime, _options.Time, context.RequestAborted);
            }

            if (await Perform(context, path, breakage) is { } answer)
            {
                await (breakage == Breakage.BadBody ? answer.CutInHalf() : answer)
                    .Write(context.Response, _options.Engine, context.RequestAborted);
            }
            else
            {
                context.Abort();
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    /// <summary>Null when the connection is cut in place of an answer.</summary>
    private async Task<ClusterAnswer?> Perform(HttpContext context, string path, Breakage breakage)
    {
        var request = context.Request;
        using var body = await RequestBody.Read(request, context.RequestAborted);
        var meddling = Interventions.For(request.Method, path);
        await (meddling?.Before?.Invoke(context.RequestAborted) ?? Task.CompletedTask);
        if (meddling?.CutBefore == true)
        {
            return null;
        }

        var answer = meddling?.Instead ?? (body.TooMuch > 0
            ? IndexErrors.TooLarge(body.TooMuch).Answer()
            : body.IsBroken
                ? IndexErrors.Json("Not in GZIP format").Answer()
                : _api.Answer(request, body.Bytes, breakage, meddling?.Items));
        await (meddling?.After?.Invoke(context.RequestAborted) ?? Task.CompletedTask);
        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return meddling?.CutAfter == true
            || (breakage == Breakage.LostAnswers && isChange && Interlocked.Increment(ref _changes) % 2 == 0)
            ? null
            : answer;
    }

    private async Task ComeBack()
    {
        try
        {
            await Heal();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Disposed, or somebody took its port: it stays away until it is healed by hand.
        }
    }

    private async Task Misbehave(Breakage breakage, CancellationToken spell, CancellationToken aborted)
    {
        if (breakage == Breakage.Hang)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(spell, aborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, _options.Time, either.Token);
        }

        if (breakage == Breakage.Slow)
        {
            await Task.Delay(_options.SlowAnswer, _options.Time, aborted);
        }
    }
}
