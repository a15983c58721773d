using ClusterGrains.Resources;
using Microsoft.AspNetCore.Diagnostics;

namespace ClusterGrains.Access;

/// <summary>Whoever cannot be judged is neither let in nor turned away for good: 503, for the client to try again.</summary>
internal sealed class AccessFailures(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext context, Exception failure, CancellationToken cancellationToken)
    {
        // What exactly is wrong with the API server is in the log; the caller may be anybody.
        var detail = failure switch
        {
            TurnedAwayException full => full.Message,
            DependencyException { Dependency: Dependency.KubernetesApi } =>
                "The API server could not be asked who calls and what they may see. Try again.",
            _ => null,
        };
        if (detail is null)
        {
            return ValueTask.FromResult(false);
        }

        context.Response.Headers.RetryAfter = "5";
        return problems.TryTell(context, StatusCodes.Status503ServiceUnavailable, detail);
    }
}
