using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Access;

/// <summary>Adds who may see what, and guards routes by it.</summary>
internal static class AccessParts
{
    /// <summary>
    /// In mode <c>Kubernetes</c> every route of the API asks for a token that is somebody's, whether it says so or not; what that
    /// somebody may see is asked of <see cref="ICallerRights"/> by each route, or by <see cref="RequireRight"/>.
    /// </summary>
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        services.AddSingleton<AccessMetrics>();
        services.AddSingleton<ReviewTurns>();
        services.AddSingleton<KubernetesReviews>();
        services.AddSingleton<CallerReviews>();
        services.AddSingleton<ICallerRights>(provider => provider.GetRequiredService<IOptions<AccessOptions>>().Value.AsksKubernetes
            ? ActivatorUtilities.CreateInstance<KubernetesRights>(provider)
            : new LoopbackRights());
        services.AddSingleton<IAuthorizationHandler, GetRightHandler>();
        services.AddExceptionHandler<AccessFailures>();
        services.AddTransient<TokenAuthentication>();

        // Not AddAuthentication: that keeps keys for cookies in files, and there are no cookies.
        services.AddAuthenticationCore();
        services.AddAuthorization();
        services.AddOptions<AuthenticationOptions>().Configure<IOptions<AccessOptions>>((authentication, access) =>
        {
            if (access.Value.AsksKubernetes)
            {
                authentication.AddScheme<TokenAuthentication>(TokenAuthentication.Name, null);
            }
        });
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<AccessOptions>>((authorization, access) =>
            authorization.FallbackPolicy = access.Value.AsksKubernetes
                ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()
                : null);
    }

    /// <summary>Guards routes that show more than one namespace's resources by the right to <c>get</c> a path.</summary>
    public static TBuilder RequireRight<TBuilder>(this TBuilder routes, string path)
        where TBuilder : IEndpointConventionBuilder
    {
        var right = new GetRight(path);
        return routes.RequireAuthorization(policy => policy.AddRequirements(right)).WithMetadata(right);
    }
}
