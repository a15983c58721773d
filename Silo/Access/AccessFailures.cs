using ClusterGrains.Resources;
using Microsoft.AspNetCore.Diagnostics;

namespace ClusterGrains.Access;

/// <summary>Whoever cannot be judged is neither let in nor turned away for good: 503, for the client to try again.</summary>
internal sealed class AccessFailures(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext context, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not DependencyException { Dependency: Dependency.KubernetesApi })
        {
            return ValueTask.FromResult(false);
        }

        // What exactly is wrong with the API server is in the log; the caller may be anybody.
        context.Response.Headers.RetryAfter = "5";
        return problems.TryTell(
            context, StatusCodes.Status503ServiceUnavailable, "The API server could not be asked who calls and what they may see. Try again.");
    }
}
