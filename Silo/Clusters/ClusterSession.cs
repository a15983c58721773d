using System.Net;
using System.Text.Json;

namespace ClusterGrains.Clusters;

/// <summary>From an answer to facts; null for an answer that is something else.</summary>
/// <param name="elasticProduct">Whether it carries the header of Elasticsearch 7.14 and newer.</param>
internal delegate T? Reading<out T>(JsonElement root, bool elasticProduct)
    where T : class;

/// <summary>The requests of one check, one after another, within its budget.</summary>
internal sealed class ClusterSession(
    HttpMessageInvoker http, Credentials credentials, ScheduleSpec schedule, ProbeInstruments instruments, CancellationToken caller)
    : IDisposable
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>The rest of the check's time is for reporting what was learnt until then.</summary>
    private const double ShareOfTimeout = 0.9;

    private static readonly string[] NoManager =
        ["master_not_discovered_exception", "cluster_manager_not_discovered_exception", "cluster_block_exception"];

    private readonly CancellationTokenSource _budget = new(ShareOfTimeout * schedule.EffectiveTimeout, instruments.Time);

    public ClusterAnswers Answers { get; } = new(credentials.Redact);

    /// <summary>
    /// One request, answered or not. Facts are there exactly when the result is Ok. Throws nothing but
    /// <see cref="OperationCanceledException"/> for the caller's token.
    /// </summary>
    public async Task<(StepResult Result, T? Facts)> Ask<T>(Uri endpoint, ClusterRequest request, Reading<T> read)
        where T : class
    {
        var started = instruments.Time.GetTimestamp();
        using var span = ClusterTraces.Ask(request.Step, endpoint);
        var answer = await Timed(endpoint, request, read);
        span.Answered(answer.Result.Outcome);
        instruments.Asked(request, answer.Result, instruments.Time.GetElapsedTime(started));
        return answer;
    }

    public void Dispose() => _budget.Dispose();

    private async Task<(StepResult Result, T? Facts)> Timed<T>(Uri endpoint, ClusterRequest request, Reading<T> read)
        where T : class
    {
        using var patience = new CancellationTokenSource(schedule.EffectiveRequestTimeout, instruments.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, _budget.Token, patience.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return await Send(endpoint, request, read, either.Token);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return (TimedOut(), null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (ProbeFailures.Classify(failure) ?? instruments.Unforeseen(request, failure), null);
        }
    }

    // A connection that takes its own limit of time to open is cancelled too, before either of ours is over.
    private StepResult TimedOut() => _budget.IsCancellationRequested
        ? ProbeFailures.TimedOut(schedule.EffectiveTimeout, "the check's spec.schedule.timeout")
        : ProbeFailures.TimedOut(schedule.EffectiveRequestTimeout, "spec.schedule.requestTimeout");

    private async Task<(StepResult Result, T? Facts)> Send<T>(
        Uri endpoint, ClusterRequest request, Reading<T> read, CancellationToken cancellationToken)
        where T : class
    {
        using var message = credentials.Request(HttpMethod.Get, new Uri(endpoint, request.Relative));
        using var response = await http.SendAsync(message, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await Parse(response, request, read, cancellationToken),
            HttpStatusCode.ServiceUnavailable => (await Unavailable(response, cancellationToken), null),
            var other => (new StepResult(Outcome(request.Step, (int)other), (int)other), null),
        };
    }

    private static async Task<(StepResult Result, T? Facts)> Parse<T>(
        HttpResponseMessage response, ClusterRequest request, Reading<T> read, CancellationToken cancellationToken)
        where T : class
    {
        if (await CappedBody.Read(response.Content, request.MaxBytes, cancellationToken) is not { } body)
        {
            return (new(StepOutcome.TooLarge, 200, $"over {ByteText.Of(request.MaxBytes)}"), null);
        }

        using var document = JsonDocument.Parse(body, ClusterJson.Options);
        return read(document.RootElement, SaysElasticsearch(response)) is { } facts
            ? (StepResult.Ok, facts)
            : (new(StepOutcome.BadBody, 200, "JSON without what was asked for"), null);
    }

    /// <summary>Elasticsearch 7.14 and newer.</summary>
    public static bool SaysElasticsearch(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-elastic-product", out var values) && values.Contains("Elasticsearch");

    /// <summary>A cluster without a manager and a proxy without a cluster both say 503.</summary>
    private static async Task<StepResult> Unavailable(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (await CappedBody.Read(response.Content, MaxErrorBytes, cancellationToken) is { } body)
            {
                using var document = JsonDocument.Parse(body, ClusterJson.Options);
                if (NoManager.Contains(document.RootElement.Text("error", "type")))
                {
                    return new(StepOutcome.NoClusterManager, 503);
                }
            }
        }
        catch (JsonException)
        {
            // Not from a cluster.
        }

        return new(StepOutcome.UnexpectedStatus, 503);
    }

    private static StepOutcome Outcome(Step step, int status) => status switch
    {
        401 => StepOutcome.Unauthorized,
        403 => StepOutcome.Forbidden,
        429 => StepOutcome.Throttled,
        408 => StepOutcome.Timeout,
        400 or 404 or 405 or 410 when step is not Step.Identify => StepOutcome.NotSupported,
        _ => StepOutcome.UnexpectedStatus,
    };
}
