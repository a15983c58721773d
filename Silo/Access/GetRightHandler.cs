using Microsoft.AspNetCore.Authorization;

namespace ClusterGrains.Access;

/// <summary>Lets through who has the right.</summary>
internal sealed class GetRightHandler(ICallerRights rights) : AuthorizationHandler<GetRight>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, GetRight requirement)
    {
        var cancellation = context.Resource is HttpContext http ? http.RequestAborted : CancellationToken.None;
        if (await rights.MayGet(context.User, requirement.Path, cancellation))
        {
            context.Succeed(requirement);
        }
    }
}
