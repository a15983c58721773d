using Orleans.Runtime;

namespace ClusterGrains.Fleet;

/// <summary>What the silo depends on did not answer: 503 and who it was, for the client to try again.</summary>
internal sealed class FleetFailures : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (failure is DependencyException or OrleansException or TimeoutException)
        {
            return FleetProblem.Later(context.HttpContext, failure.Message);
        }
    }
}
