using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Requests;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>Which requests a fault is for: any that fit what is given.</summary>
/// <param name="Method">For example <c>PUT</c>.</param>
/// <param name="Path">A part of the URL's path, for example <c>/status</c>.</param>
/// <param name="Watch">Watches only, or everything but watches.</param>
internal sealed record FaultScope(string? Method = null, string? Path = null, bool? Watch = null)
{
    public static readonly FaultScope Everything = new();

    public bool Covers(HttpRequest request) =>
        (Method is null || string.Equals(Method, request.Method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || request.Path.Value!.Contains(Path, StringComparison.Ordinal))
        && (Watch is null || Watch == request.Query.ContainsKey("watch"));
}

/// <summary>Makes the server misbehave the ways real ones do, for tests and for the curious.</summary>
internal sealed class Faults(ObjectStore store)
{
    private const int MaxRules = 100;

    private static readonly byte[] Undecodable = Encoding.UTF8.GetBytes(
        """{"type":"MODIFIED","object":{"kind":7,"metadata":["not","an","object"],"spec":"neither"}}""" + "\n");

    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private FaultScope? _blackHole;
    private StorePoint? _point;

    /// <summary>Requests that were to be answered or delayed and have not come yet.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _rules.Sum(r => r.Remaining);
            }
        }
    }

    /// <summary>Answers the next requests with an error instead of serving them, for example 429, 500 or 503.</summary>
    public void AnswerNext(int count, int status, TimeSpan? retryAfter = null, FaultScope? scope = null) =>
        Add(new Rule { Remaining = count, Status = status, RetryAfter = retryAfter, Scope = scope ?? FaultScope.Everything });

    /// <summary>Serves the next requests, but later.</summary>
    public void DelayNext(int count, TimeSpan delay, FaultScope? scope = null) =>
        Add(new Rule { Remaining = count, Delay = delay, Scope = scope ?? FaultScope.Everything });

    /// <summary>
    /// From now on requests are taken and never answered, until <see cref="Clear"/>; those that came before it stay without an
    /// answer. Open watches fall silent too, unless the scope spares watches.
    /// </summary>
    public void BlackHole(FaultScope? scope = null)
    {
        lock (_gate)
        {
            _blackHole = scope ?? FaultScope.Everything;
        }

        if (scope?.Watch is not false)
        {
            SilenceWatches();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _blackHole = null;
        }
    }

    /// <summary>Remembers all objects, for <see cref="Restore"/>.</summary>
    public void Backup()
    {
        lock (_gate)
        {
            _point = store.Mark();
        }
    }

    /// <summary>
    /// The server comes back from the last <see cref="Backup"/>, as with an etcd that was restored: objects and versions are
    /// those of then, and all watches end.
    /// </summary>
    /// <returns>False when there is no backup.</returns>
    public bool Restore()
    {
        lock (_gate)
        {
            if (_point is not null)
            {
                store.Return(_point);
            }

            return _point is not null;
        }
    }

    /// <summary>Whether a request vanishes.</summary>
    internal bool Swallows(HttpRequest request)
    {
        lock (_gate)
        {
            return _blackHole?.Covers(request) == true;
        }
    }

    /// <summary>The watches open now send nothing any more and never end; later ones work.</summary>
    public void SilenceWatches() => store.ForEachFeed((feed, _) =>
    {
        feed.Silence();

        // Wakes the reader, so that what is queued is swallowed too.
        feed.End();
    });

    /// <summary>The watches open now end, as when a server restarts.</summary>
    public void DropWatches() => store.ForEachFeed((feed, _) => feed.End());

    /// <summary>The next watch or <c>continue</c> from before now is answered with 410.</summary>
    public void ForgetHistory() => store.ForgetHistory();

    /// <summary>Sends a line no client can decode as an object into the watches open now.</summary>
    /// <param name="line">Another line than the usual one.</param>
    public void InjectUndecodable(string? line = null)
    {
        var bytes = line is null ? Undecodable : Encoding.UTF8.GetBytes(line + "\n");
        store.ForEachFeed((feed, _) => feed.Offer(new FeedItem.Raw(bytes)));
    }

    /// <summary>The faults a request meets, used up by it.</summary>
    internal (TimeSpan Delay, JsonObject? Answer) Take(HttpRequest request)
    {
        lock (_gate)
        {
            var met = _rules.Where(r => r.Scope.Covers(request)).ToList();
            var delay = Use(met.Find(r => r.Status is null));
            var answer = Use(met.Find(r => r.Status is not null));
            return (delay?.Delay ?? TimeSpan.Zero, answer?.Answer());
        }
    }

    private Rule? Use(Rule? rule)
    {
        if (rule is not null && --rule.Remaining == 0)
        {
            _rules.Remove(rule);
        }

        return rule;
    }

    private void Add(Rule rule)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rule.Remaining);
        lock (_gate)
        {
            if (_rules.Count < MaxRules)
            {
                _rules.Add(rule);
            }
        }
    }

    private sealed class Rule
    {
        public required int Remaining { get; set; }

        public required FaultScope Scope { get; init; }

        public int? Status { get; init; }

        public TimeSpan? RetryAfter { get; init; }

        public TimeSpan Delay { get; init; }

        public JsonObject Answer()
        {
            var details = new JsonObject();
            if (RetryAfter is { } retryAfter)
            {
                details["retryAfterSeconds"] = (int)Math.Ceiling(retryAfter.TotalSeconds);
            }

            return Status switch
            {
                410 => ApiStatus.Expired("The provided continue parameter or resourceVersion is too old."),
                429 => ApiStatus.Failure(429, "TooManyRequests", "storage is (re)initializing", details),
                503 => ApiStatus.Failure(503, "ServiceUnavailable", "the server is currently unable to handle the request", details),
                504 => ApiStatus.Failure(504, "Timeout", "request did not complete within the allotted timeout", details),
                var code => ApiStatus.Failure(code!.Value, "InternalError", "an error on the server has been asked for", details),
            };
        }
    }
}
