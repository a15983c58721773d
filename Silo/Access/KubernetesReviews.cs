using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Access;

/// <summary>Asks the API server whose a token is, and what somebody may do. Nothing is remembered here.</summary>
internal sealed class KubernetesReviews : IDisposable
{
    /// <summary>Reviews on their way at once, of strangers' tokens and of all else; the API server has other work.</summary>
    public const int MaxInFlight = 8;

    /// <summary>Reviews that wait for those; whoever comes after them is turned away.</summary>
    public const int MaxWaiting = 128;

    /// <summary>For an answer, waiting for its turn included.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly KubernetesConnection _connection;
    private readonly IOptions<AccessOptions> _options;
    private readonly AccessMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<KubernetesReviews> _logger;
    private readonly ConcurrencyLimiter _strangers = Limiter();
    private readonly ConcurrencyLimiter _others = Limiter();

    private int _fails;

    public KubernetesReviews(
        KubernetesConnection connection,
        IOptions<AccessOptions> options,
        AccessMetrics metrics,
        TimeProvider time,
        ILogger<KubernetesReviews> logger)
    {
        (_connection, _options, _metrics, _time, _logger) = (connection, options, metrics, time, logger);
    }

    /// <summary>Whose the token is; null when it is nobody's, not any more, or not for us.</summary>
    /// <exception cref="DependencyException">The API server did not say.</exception>
    /// <param name="wasKnown">Whether it was somebody's a moment ago: those do not wait behind strangers.</param>
    public async Task<Caller?> Identify(string token, bool wasKnown)
    {
        var spec = new JsonObject { ["token"] = token };
        var audiences = _options.Value.Audiences;
        if (audiences.Count > 0)
        {
            spec["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]);
        }

        using var answer = await Ask("authentication.k8s.io", "tokenreviews", "TokenReview", spec, null, wasKnown ? _others : _strangers);
        var status = answer.RootElement.Child("status");
        var caller = IsTrue(status, "authenticated") && IsForUs(status, audiences) ? Caller.Read(status.Child("user")) : null;
        _metrics.TokenReviewed(caller is not null);
        return caller;
    }

    /// <summary>Whether the caller may.</summary>
    /// <exception cref="DependencyException">The API server did not say.</exception>
    public async Task<bool> Allows(Caller caller, Permission permission)
    {
        var spec = JsonNode.Parse(caller.Spec)!.AsObject();
        spec.Add(permission.Attributes);
        using var answer = await Ask("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", spec, permission, _others);
        var allowed = IsTrue(answer.RootElement.Child("status"), "allowed");
        _metrics.RightReviewed(allowed);
        return allowed;
    }

    public void Dispose()
    {
        _strangers.Dispose();
        _others.Dispose();
    }

    private static ConcurrencyLimiter Limiter() =>
        new(new ConcurrencyLimiterOptions { PermitLimit = MaxInFlight, QueueLimit = MaxWaiting });

    private async Task<JsonDocument> Ask(
        string group, string resource, string kind, JsonObject spec, Permission? permission, ConcurrencyLimiter limiter)
    {
        var body = new JsonObject { ["apiVersion"] = $"{group}/v1", ["kind"] = kind, ["spec"] = spec };
        var request = new ApiRequest("create", new ApiTarget(group, "v1", resource, null), Body: JsonSerializer.SerializeToUtf8Bytes(body))
        {
            Timeout = Patience,
            MaxAnswer = 64 << 10,
        };
        try
        {
            var answer = await InTurn(request, limiter);
            if (Interlocked.Exchange(ref _fails, 0) > 0)
            {
                _logger.ReviewsWork();
            }

            return answer;
        }
        catch (DependencyException failure)
        {
            _metrics.Failed(permission);
            if (Interlocked.Exchange(ref _fails, 1) == 0)
            {
                _logger.ReviewsFail(failure.Message);
            }

            throw;
        }
    }

    private async Task<JsonDocument> InTurn(ApiRequest request, ConcurrencyLimiter limiter)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        try
        {
            using var turn = await limiter.AcquireAsync(1, limit.Token);
            return turn.IsAcquired
                ? (await _connection.Ask(request, limit.Token)).Json()
                : throw new DependencyException(Dependency.KubernetesApi, $"More than {MaxWaiting} reviews wait for the API server already.");
        }
        catch (OperationCanceledException late)
        {
            throw new DependencyException(
                Dependency.KubernetesApi, $"The API server did not review a caller within {Patience.TotalSeconds} s.", late);
        }
    }

    // Authenticators that know of audiences name the ones that they found good; one that does not must not be trusted with ours.
    private static bool IsForUs(JsonElement status, IList<string> audiences) => audiences.Count == 0
        || (status.Child("audiences") is { ValueKind: JsonValueKind.Array } good
            && good.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && audiences.Contains(one.GetString()!)));

    private static bool IsTrue(JsonElement status, string member) => status.Child(member).ValueKind is JsonValueKind.True;
}
