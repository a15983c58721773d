using ClusterGrains.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary>What the fleet API answers when it does not answer: problem documents that name the cure.</summary>
internal static class FleetProblem
{
    /// <summary>Seconds after which those may ask again who were asked to.</summary>
    private const string Pause = "5";

    public static ProblemHttpResult Mistake(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    public static ProblemHttpResult Missing(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    /// <param name="verb">As Kubernetes calls it: get or list.</param>
    public static ProblemHttpResult Forbidden(string verb, ResourceKind kind, string @namespace) => TypedResults.Problem(
        $"You may not {verb} {kind.Plural} in namespace {@namespace}. Who may in Kubernetes may here: "
        + $"kubectl auth can-i {verb} {kind.Plural}.{ResourceKind.Group} -n {@namespace}",
        statusCode: StatusCodes.Status403Forbidden);

    /// <summary>503: the same request may well be answered a moment later.</summary>
    public static ProblemHttpResult Later(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = Pause;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Gives the answers that nobody wrote, for want of a route, the words that they lack.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        if (!request.Path.StartsWithSegments("/api"))
        {
            return;
        }

        context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "There is no such route. GET /api/v1/openapi.json lists them all.",
            StatusCodes.Status405MethodNotAllowed => "This API only reads: use GET. To change a resource, use kubectl.",
            _ => null,
        };
    }
}
