using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
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
    private readonly ClusterApi _api;
    // Never disposed: a request may still look at the last one, and without a timer there is nothing to free.
    private volatile CancellationTokenSource _spell = new();
    private WebApplication? _app;
    private Socket? _keptPort;
    private int _port;
    private volatile AnswerGate _gate = new(path: null);
    private volatile Breakage _breakage;

    private PretendCluster(PretendClusterOptions options)
    {
        _options = options;
        _api = new ClusterApi(options, new ClusterVitals(options.Name, options.Engine, options.Time));
        _port = options.Port;
        _gate.Dispose();
    }

    public string Name => _options.Name;

    public PretendEngine Engine => _options.Engine;

    /// <summary>Where it listens; stays the same when it dies and is healed.</summary>
    public Uri Url => new($"{(_options.Certificate is null ? "http" : "https")}://127.0.0.1:{_port}");

    public Breakage Breakage => _breakage;

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
            if (breakage == Breakage.Dead)
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
        }
        finally
        {
            _changing.Release();
        }
    }

    public Task Heal(CancellationToken cancellationToken = default) => Break(Breakage.None, cancellationToken);

    /// <summary>Holds the answers to a path, or to all, until the gate is disposed. Opens an earlier gate.</summary>
    public AnswerGate Hold(string? path = null)
    {
        _gate.Dispose();
        return _gate = new AnswerGate(path);
    }

    public async ValueTask DisposeAsync()
    {
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
            var answer = _api.Answer(context.Request, breakage);
            await (breakage == Breakage.BadBody ? answer.CutInHalf() : answer)
                .Write(context.Response, _options.Engine, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
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
