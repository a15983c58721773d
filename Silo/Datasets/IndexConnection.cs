using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>From an answer whose body is still to be read.</summary>
internal delegate Task<T> AnswerReading<T>(Uri endpoint, HttpResponseMessage response, CancellationToken cancellationToken);

/// <summary>
/// The way to one cluster, over whichever of its endpoints answers. Nothing is ever sent twice; when an endpoint fails, the
/// next request finds another one first, and makes sure that it is the same cluster that answers there.
/// </summary>
internal sealed class IndexConnection(
    HttpMessageInvoker http, Credentials credentials, SearchClusterSpec cluster, TimeProvider time) : IDisposable
{
    private const int MaxErrorBytes = 256 * 1024;

    /// <summary>The filter of an alias may be a large query.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    private readonly Uri[] _endpoints = [.. cluster.Endpoints.Select(EndpointUrl.Parse)];
    private readonly SemaphoreSlim _searching = new(1, 1);
    private volatile Uri? _current;
    private volatile string? _uuid;
    private volatile int _first;

    public Func<string, string> Redact => credentials.Redact;

    public DateTimeOffset Now => time.GetUtcNow();

    public ClusterAnswers Answers { get; } = new(credentials.Redact);

    public void Dispose() => _searching.Dispose();

    /// <summary>Who answers now, the same cluster as before or another. The first who answers is the one to stay with.</summary>
    /// <exception cref="DependencyException">Nobody does; says of each endpoint why.</exception>
    public async Task<ClusterIdentity> Identify(CancellationToken cancellationToken)
    {
        await _searching.WaitAsync(cancellationToken);
        try
        {
            return await Search(cancellationToken);
        }
        finally
        {
            _searching.Release();
        }
    }

    /// <exception cref="DependencyException">No endpoint answers, or not in time, or with something else than JSON.</exception>
    public Task<ServerAnswer> Send(IndexRequest request, CancellationToken cancellationToken) =>
        Send(request, (endpoint, response, cancel) => Read(request, endpoint, response, cancel), cancellationToken);

    /// <exception cref="DependencyException">No endpoint answers, or not in time.</exception>
    public async Task<T> Send<T>(IndexRequest request, AnswerReading<T> read, CancellationToken cancellationToken) =>
        await Exchange(await Endpoint(cancellationToken), request, read, cancellationToken);

    /// <summary>What a failure says of itself.</summary>
    public async Task<ServerError> Error(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await CappedBody.Read(response.Content, MaxErrorBytes, cancellationToken);
        return ServerError.Of((int)response.StatusCode, Lenient(body), Redact);
    }

    private async Task<Uri> Endpoint(CancellationToken cancellationToken)
    {
        if (_current is { } known)
        {
            return known;
        }

        await _searching.WaitAsync(cancellationToken);
        try
        {
            // Others may have searched while this one waited.
            if (_current is null)
            {
                await Search(cancellationToken);
            }

            return _current ?? throw new DependencyException(
                Dependency.SearchCluster, $"Another cluster than before answers at the endpoints of the SearchCluster; wanted is {_uuid}.");
        }
        finally
        {
            _searching.Release();
        }
    }

    private async Task<ClusterIdentity> Search(CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        for (var i = 0; i < _endpoints.Length; i++)
        {
            var endpoint = _endpoints[(_first + i) % _endpoints.Length];
            try
            {
                var identity = await Introduce(endpoint, cancellationToken);
                _uuid ??= identity.ClusterUuid;
                _current = identity.ClusterUuid == _uuid ? endpoint : null;
                return identity;
            }
            catch (DependencyException failure)
            {
                failures.Add(failure.Message);

                // What one refuses they all refuse, and wrong credentials again and again lock accounts.
                if (failure.InnerException is UnauthorizedAccessException)
                {
                    break;
                }
            }
        }

        _current = null;
        throw new DependencyException(Dependency.SearchCluster, string.Join(' ', failures));
    }

    private async Task<ClusterIdentity> Introduce(Uri endpoint, CancellationToken cancellationToken)
    {
        var (answer, elastic) = await Exchange(
            endpoint,
            IndexRequests.Identify,
            async (_, response, cancel) => (
                await Read(IndexRequests.Identify, endpoint, response, cancel), ClusterSession.SaysElasticsearch(response)),
            cancellationToken);
        if (Answers.Identity(answer.OrThrow().Body, elastic, cluster.Engine)?.Identity is not { } identity)
        {
            throw answer.Failed("is not that of a search cluster. See spec.endpoints of the SearchCluster.");
        }

        if (identity.ClusterUuid is null)
        {
            throw answer.Failed("says that the cluster has not formed yet.");
        }

        return EndpointVisit.Pretends(identity) ? await WithTrueVersion(endpoint, identity, cancellationToken) : identity;
    }

    private async Task<ClusterIdentity> WithTrueVersion(
        Uri endpoint, ClusterIdentity identity, CancellationToken cancellationToken)
    {
        var answer = await Exchange(
            endpoint,
            IndexRequests.TrueVersion,
            (_, response, cancel) => Read(IndexRequests.TrueVersion, endpoint, response, cancel),
            cancellationToken);
        return answer.Ok && Answers.TrueVersion(answer.Body) is { } version ? identity with { Version = version } : identity;
    }

    private async Task<T> Exchange<T>(
        Uri endpoint, IndexRequest request, AnswerReading<T> read, CancellationToken cancellationToken)
    {
        var budget = Budget(request);
        using var patience = new CancellationTokenSource(budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var message = credentials.Request(request.Method, new Uri(endpoint, request.Relative));
            message.Content = request.Content();
            message.Headers.ExpectContinue = request.AsksFirst ? true : null;
            using var response = await http.SendAsync(message, either.Token);
            if ((int)response.StatusCode is 502 or 503 or 504)
            {
                Leave(endpoint);
            }

            return await read(endpoint, response, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Leave(endpoint);
            throw Failed(request, endpoint, ProbeFailures.TimedOut(budget, "the request's time"));
        }
        catch (Exception failure) when (ProbeFailures.Classify(failure) is not null)
        {
            Leave(endpoint);
            throw Failed(request, endpoint, ProbeFailures.Classify(failure)!, failure);
        }
    }

    private async Task<ServerAnswer> Read(
        IndexRequest request, Uri endpoint, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            return new ServerAnswer(request, endpoint, status, default, await Error(response, cancellationToken));
        }

        var body = await CappedBody.Read(response.Content, request.MaxBytes, cancellationToken)
            ?? throw Failed(request, endpoint, new(StepOutcome.TooLarge, Detail: $"over {ByteText.Of(request.MaxBytes)}"));
        return new ServerAnswer(request, endpoint, status, JsonElement.Parse(body.Span, Deep), new ServerError(status, "", ""));
    }

    // What proxies say is no JSON.
    private static JsonElement? Lenient(ReadOnlyMemory<byte>? body)
    {
        try
        {
            return body is { } bytes ? JsonElement.Parse(bytes.Span, Deep) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan Budget(IndexRequest request)
    {
        var quick = cluster.Schedule.EffectiveRequestTimeout;
        return quick > request.AtLeast ? quick : request.AtLeast;
    }

    /// <summary>The next request begins with another endpoint, if there is one.</summary>
    private void Leave(Uri endpoint)
    {
        if (Interlocked.CompareExchange(ref _current, null, endpoint) == endpoint)
        {
            _first = (Array.IndexOf(_endpoints, endpoint) + 1) % _endpoints.Length;
        }
    }

    private static DependencyException Failed(IndexRequest request, Uri endpoint, StepResult result, Exception? cause = null)
    {
        var what = result.Outcome switch
        {
            StepOutcome.Dns => "its name does not resolve",
            StepOutcome.Connect => "no connection",
            StepOutcome.Refused => "an address that this operator never connects to",
            StepOutcome.Tls => "the TLS handshake failed",
            StepOutcome.Timeout => "no complete answer",
            StepOutcome.TooLarge => "its answer is larger than accepted",
            _ => "its answer is not that of a search cluster",
        };
        var detail = result.Detail.Length == 0 ? "" : $" ({result.Detail})";
        return new DependencyException(Dependency.SearchCluster, $"{request} at {endpoint} failed: {what}{detail}.", cause);
    }
}
