using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Tests.Access;

/// <summary>Chromium without a window, driven by its DevTools protocol. It trusts one certificate, and asks the test for passwords.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string? Executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    private readonly DirectoryInfo _profile;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _asked = [];
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _over = new();
    private readonly ClientWebSocket _socket = new();
    private readonly Process _process;
    private readonly string? _password;
    private Task _receiving = Task.CompletedTask;
    private int _asks;

    private Browser(Process process, DirectoryInfo profile, string? password) =>
        (_process, _profile, _password) = (process, profile, password);

    /// <summary>Answers of 400 and more, and exceptions in scripts: what a person would call broken.</summary>
    public ConcurrentQueue<string> Trouble { get; } = [];

    /// <summary>What a request gets in place of its answer; null, as all do at first, for the answer itself.</summary>
    public Func<Uri, PretendAnswer?> Pretend { get; set; } = _ => null;

    /// <param name="trusted">Null where there is no TLS.</param>
    /// <param name="password">What its user types; null for one who cancels.</param>
    public static async Task<Browser> Start(X509Certificate2? trusted, string? password, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(
            Executable is null && Environment.GetEnvironmentVariable("CI") is null,
            "chromium is not on the PATH: the page was not looked at.");
        Assert.True(Executable is not null, "chromium is not on the PATH; .ci/run installs it.");
        var profile = Directory.CreateTempSubdirectory("chromium-");
        string[] trust = trusted is null
            ? []
            : [$"--ignore-certificate-errors-spki-list={Convert.ToBase64String(SHA256.HashData(trusted.PublicKey.ExportSubjectPublicKeyInfo()))}"];
        var process = Process.Start(new ProcessStartInfo(
            Executable,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
                $"--user-data-dir={profile.FullName}", .. trust, "about:blank",
            ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Browser(process, profile, password);
        await browser.Connect(cancellationToken);
        return browser;
    }

    /// <summary>Opens a page.</summary>
    public Task Open(Uri page, CancellationToken cancellationToken) =>
        Ask("Page.navigate", new JsonObject { ["url"] = page.ToString() }, cancellationToken);

    /// <summary>What a person reads there now.</summary>
    public async Task<string> Text(CancellationToken cancellationToken) =>
        (string?)await Evaluate("document.body ? document.body.innerText : ''", cancellationToken) ?? "";

    /// <summary>What an expression in the page's script comes to.</summary>
    public async Task<JsonNode?> Evaluate(string expression, CancellationToken cancellationToken)
    {
        var answer = await Ask(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true }, cancellationToken);
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]?.ToJsonString()}");
        return answer["result"]?["value"]?.DeepClone();
    }

    /// <summary>Makes the window that wide, as a telephone's may be.</summary>
    public Task Resize(int width, int height, CancellationToken cancellationToken) => Ask(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = true },
        cancellationToken);

    /// <summary>Waits until the page reads as wanted, and returns what it reads.</summary>
    public async Task<string> Until(Func<string, bool> wanted, CancellationToken cancellationToken)
    {
        var text = "";
        try
        {
            while (!wanted(text = await Text(cancellationToken)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }

            return text;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The page still reads:\n{text}\nTrouble: {string.Join("; ", Trouble)}");
        }
    }

    /// <summary>What a person sees, as PNG.</summary>
    public async Task<byte[]> Picture(CancellationToken cancellationToken) =>
        Convert.FromBase64String((string)(await Ask("Page.captureScreenshot", [], cancellationToken))["data"]!);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        _over.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task Connect(CancellationToken cancellationToken)
    {
        const string Told = "DevTools listening on ";
        string? line;
        while ((line = await _process.StandardError.ReadLineAsync(cancellationToken))?.StartsWith(Told, StringComparison.Ordinal) == false)
        {
        }

        // Nobody reads the rest; a full pipe would stop the browser.
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, _over.Token);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, _over.Token);
        var browser = new Uri(line![Told.Length..]);
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://{browser.Authority}/json/list", cancellationToken))!.AsArray();
        var page = pages.First(one => (string?)one!["type"] == "page")!;
        await _socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), cancellationToken);
        _receiving = Receive(_over.Token);
        await Ask("Network.enable", [], cancellationToken);
        await Ask("Runtime.enable", [], cancellationToken);
        await Ask("Page.enable", [], cancellationToken);
        await Ask("Fetch.enable", new JsonObject { ["handleAuthRequests"] = true }, cancellationToken);
    }

    private async Task<JsonObject> Ask(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _asks);
        var answer = _asked[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Send(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private async Task Send(JsonObject message)
    {
        await _sending.WaitAsync(_over.Token);
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, _over.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task Receive(CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            using var message = new MemoryStream();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            await Handle(JsonNode.Parse(message.ToArray())!.AsObject());
        }
    }

    private Task Handle(JsonObject message)
    {
        if (message["id"] is { } id && _asked.TryRemove((int)id, out var asked))
        {
            asked.SetResult(message["result"]?.AsObject() ?? []);
            return Task.CompletedTask;
        }

        var told = message["params"]?.AsObject() ?? [];
        switch ((string?)message["method"])
        {
            case "Fetch.requestPaused":
                return Send(Answer(told));
            case "Fetch.authRequired":
                return Send(Command("Fetch.continueWithAuth", told, new JsonObject { ["authChallengeResponse"] = Typed() }));
            case "Network.responseReceived" when (int)told["response"]!["status"]! >= 400:
                Trouble.Enqueue($"{told["response"]!["status"]} {told["response"]!["url"]}");
                break;
            case "Runtime.exceptionThrown":
                Trouble.Enqueue(told.ToJsonString());
                break;
        }

        return Task.CompletedTask;
    }

    private JsonObject Answer(JsonObject told) => Pretend(new Uri((string)told["request"]!["url"]!)) switch
    {
        null => Command("Fetch.continueRequest", told, []),
        { Status: 0 } => Command("Fetch.failRequest", told, new JsonObject { ["errorReason"] = "ConnectionRefused" }),
        var pretend => Command("Fetch.fulfillRequest", told, new JsonObject
        {
            ["responseCode"] = pretend.Status,
            ["responseHeaders"] = new JsonArray(new JsonObject { ["name"] = "Content-Type", ["value"] = pretend.Type }),
            ["body"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pretend.Body)),
        }),
    };

    private JsonObject Command(string method, JsonObject told, JsonObject parameters)
    {
        parameters["requestId"] = (string?)told["requestId"];
        return new JsonObject { ["id"] = Interlocked.Increment(ref _asks), ["method"] = method, ["params"] = parameters };
    }

    private JsonObject Typed() => _password is null
        ? new JsonObject { ["response"] = "CancelAuth" }
        : new JsonObject { ["response"] = "ProvideCredentials", ["username"] = "anyone", ["password"] = _password };
}
