using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Access;

/// <summary>Asks the API server whose a token is, and what somebody may do. Nothing is remembered here.</summary>
internal sealed class KubernetesReviews(
    KubernetesConnection connection,
    IOptions<AccessOptions> options,
    ReviewTurns turns,
    AccessMetrics metrics,
    ILogger<KubernetesReviews> logger)
{
    /// <summary>For an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _fails;

    /// <summary>Whose the token is; null when it is nobody's, not any more, or not for us.</summary>
    /// <param name="last">Whose it was a moment ago: those do not wait behind strangers.</param>
    /// <exception cref="DependencyException">The API server did not say.</exception>
    /// <exception cref="TurnedAwayException">It was not asked.</exception>
    public async Task<Caller?> Identify(string token, Caller? last)
    {
        var spec = new JsonObject { ["token"] = token };
        var audiences = options.Value.Audiences;
        if (audiences.Count > 0)
        {
            spec["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]);
        }

        using var answer = await Ask(Review("authentication.k8s.io", "tokenreviews", "TokenReview", spec), null, last);
        var status = answer.RootElement.Child("status");
        var caller = IsTrue(status, "authenticated") && IsForUs(status, audiences) ? Caller.Read(status.Child("user")) : null;
        metrics.TokenReviewed(caller is not null);
        return caller;
    }

    /// <summary>Whether the caller may.</summary>
    /// <exception cref="DependencyException">The API server did not say.</exception>
    /// <exception cref="TurnedAwayException">It was not asked.</exception>
    public async Task<bool> Allows(Caller caller, Permission permission)
    {
        var spec = JsonNode.Parse(caller.Spec)!.AsObject();
        spec.Add(permission.Attributes);
        using var answer = await Ask(
            Review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", spec), permission, caller);
        var allowed = IsTrue(answer.RootElement.Child("status"), "allowed");
        metrics.RightReviewed(allowed);
        return allowed;
    }

    private static ApiRequest Review(string group, string resource, string kind, JsonObject spec)
    {
        var body = new JsonObject { ["apiVersion"] = $"{group}/v1", ["kind"] = kind, ["spec"] = spec };
        return new ApiRequest("create", new ApiTarget(group, "v1", resource, null), Body: JsonSerializer.SerializeToUtf8Bytes(body))
        {
            Timeout = Patience,
            MaxAnswer = 64 << 10,
        };
    }

    private async Task<JsonDocument> Ask(ApiRequest request, Permission? permission, Caller? caller)
    {
        try
        {
            var answer = await turns.Take(caller, async () => (await connection.Ask(request, CancellationToken.None)).Json());
            if (Interlocked.Exchange(ref _fails, 0) > 0)
            {
                logger.ReviewsWork();
            }

            return answer;
        }
        catch (TurnedAwayException)
        {
            metrics.TurnedAway(permission);
            throw;
        }
        catch (DependencyException failure)
        {
            metrics.Failed(permission);
            if (Interlocked.Exchange(ref _fails, 1) == 0)
            {
                logger.ReviewsFail(failure.Message);
            }

            throw;
        }
    }

    // Authenticators that know of audiences name the ones that they found good; one that does not must not be trusted with ours.
    private static bool IsForUs(JsonElement status, IList<string> audiences) => audiences.Count == 0
        || (status.Child("audiences") is { ValueKind: JsonValueKind.Array } good
            && good.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && audiences.Contains(one.GetString()!)));

    private static bool IsTrue(JsonElement status, string member) => status.Child(member).ValueKind is JsonValueKind.True;
}
