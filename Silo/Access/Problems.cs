using Microsoft.AspNetCore.Mvc;

namespace ClusterGrains.Access;

/// <summary>Answers that say why there is no other.</summary>
internal static class Problems
{
    public static ValueTask<bool> TryTell(this IProblemDetailsService problems, HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        return problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Detail = detail },
        });
    }
}
