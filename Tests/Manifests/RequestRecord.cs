using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace ClusterGrains.Tests.Manifests;

/// <summary>What this process asks of the API server on one port, in the words of RBAC.</summary>
internal sealed class RequestRecord : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly int _port;
    private readonly ConcurrentDictionary<string, bool> _done = [];
    private readonly ConcurrentDictionary<string, bool> _everywhere = [];
    private readonly Channel<string> _news = Channel.CreateBounded<string>(1_000);
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public RequestRecord(int port)
    {
        _port = port;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>For example <c>update searchclusters/status of clustergrains.io</c>.</summary>
    public IEnumerable<string> Done => _done.Keys;

    /// <summary>What of it was asked outside of any namespace.</summary>
    public IEnumerable<string> Everywhere => _everywhere.Keys;

    /// <summary>Waits for something that was not done before, or until it is cancelled.</summary>
    public async Task Next(CancellationToken cancellationToken)
    {
        Task next = _news.Reader.ReadAsync(cancellationToken).AsTask();
        await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        var request = value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) as HttpRequestMessage;
        if (request?.RequestUri is { } uri && uri.Port == _port && uri.IsLoopback)
        {
            Add(Words(request.Method, uri), uri.AbsolutePath.Contains("/namespaces/", StringComparison.Ordinal));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Add(string words, bool isInNamespace)
    {
        if (!isInNamespace)
        {
            _everywhere.TryAdd(words, true);
        }

        if (_done.TryAdd(words, true))
        {
            _news.Writer.TryWrite("");
        }
    }

    // /apis/<group>/<version>[/namespaces/<namespace>]/<resource>[/<name>[/<subresource>]], or /api/<version>/…
    private static string Words(HttpMethod method, Uri uri)
    {
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var group = parts[0] == "apis" ? parts[1] : "";
        var rest = parts[(group.Length == 0 ? 2 : 3)..];
        rest = rest is ["namespaces", _, _, ..] ? rest[2..] : rest;
        var resource = rest is [_, _, var subresource] ? $"{rest[0]}/{subresource}" : rest[0];
        var verb = method.Method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ when rest.Length > 1 => "get",
            _ => uri.Query.Contains("watch=", StringComparison.Ordinal) ? "watch" : "list",
        };
        return $"{verb} {resource}{(group.Length == 0 ? "" : $" of {group}")}";
    }
}
