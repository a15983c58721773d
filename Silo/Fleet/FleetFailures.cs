using Orleans.Runtime;

namespace ClusterGrains.Fleet;

/// <summary>What the silo depends on did not answer: 503 and who it was, for the client to try again.</summary>
internal sealed class FleetFailures(ILogger<FleetFailures> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (failure is DependencyException or OrleansException or TimeoutException)
        {
            // Whatever it said is for the log: the caller may be anybody.
            logger.NotAnswered(failure);
            return FleetProblem.Later(context.HttpContext, Sentence(failure));
        }
    }

    private static string Sentence(Exception failure) => failure switch
    {
        DependencyException { Dependency: Dependency.KubernetesApi } => "The API server could not be asked who calls and what they may see. Try again.",
        DependencyException { Dependency: Dependency.History } => "The history store did not answer in time. Ask for less, or try again.",
        DependencyException { Dependency: Dependency.Storage } => "The storage did not answer. Try again.",
        _ => "The silos did not answer. Try again.",
    };
}
