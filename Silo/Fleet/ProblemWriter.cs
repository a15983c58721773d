using Microsoft.AspNetCore.WebUtilities;

namespace ClusterGrains.Fleet;

/// <summary>
/// Writes problems also for those who accept no JSON, whom the framework's own writer leaves without: words that a program
/// knows are better than none. Registered behind that one.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Status ??= context.HttpContext.Response.StatusCode;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(problem.Status.Value);
        FleetProblem.Explain(context);
        return new(context.HttpContext.Response.WriteAsJsonAsync(
            problem, options: null, "application/problem+json", context.HttpContext.RequestAborted));
    }
}
