using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Access;

/// <summary>
/// A caller shows a token of the cluster: as <c>Authorization: Bearer</c>, or as the password of <c>Basic</c> under any user
/// name, which is what a browser asks its user for.
/// </summary>
/// <remarks>The base class would log a line for every request without a token, and anybody can send those.</remarks>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, CallerReviews reviews, IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, UrlEncoder.Default)
{
    public const string Name = "Kubernetes";

    /// <summary>Of a token, in characters. Those of service accounts have about 1,000.</summary>
    private const int LongestToken = 16 << 10;

    private static readonly string[] Challenges = ["Bearer realm=\"clustergrains\"", "Basic realm=\"clustergrains\", charset=\"UTF-8\""];

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    // RFC 6750, b64token.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Probes and metrics ask nobody, and must not hang on the API server because their client sends a token.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || Token() is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        return await reviews.Identify(token, Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The token is nobody's.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Challenges;
        await problems.TryTell(
            Context,
            StatusCodes.Status401Unauthorized,
            "Send a token of this cluster as Authorization: Bearer, or as the password of Basic. kubectl create token makes one.");
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var right = Context.GetEndpoint()?.Metadata.GetMetadata<GetRight>();
        await problems.TryTell(
            Context,
            StatusCodes.Status403Forbidden,
            right is null
                ? "You may not see this."
                : $$"""You may not see this. Missing: a ClusterRole with { nonResourceURLs: ["{{right.Path}}"], verbs: ["get"] }, bound to you.""");
    }

    private string? Token()
    {
        if (Request.Headers.Authorization is not [{ } header])
        {
            return null;
        }

        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) ? Password(header[Basic.Length..].Trim())
            : null;
        return token is { Length: > 0 and <= LongestToken } && !token.AsSpan().ContainsAnyExcept(TokenCharacters) ? token : null;
    }

    private static string? Password(string credentials)
    {
        if (!Base64.IsValid(credentials))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Convert.FromBase64String(credentials));
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }
}
