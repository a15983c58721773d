using System.Security.Cryptography;
using System.Text;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>
/// Who callers are and what they may, as the API server said a moment ago: a token that is revoked, and a right that is taken
/// away, are good for <see cref="Known"/> more.
/// </summary>
internal sealed class CallerReviews(KubernetesReviews reviews, TimeProvider time)
{
    public const int MaxTokens = 1_000;
    public const int MaxRights = 10_000;

    public static readonly TimeSpan Known = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Unknown = TimeSpan.FromSeconds(5);

    // Apart, so that no flood of tokens that nobody knows drives out those that somebody does.
    private readonly RecentAnswers<Caller?> _known = new(MaxTokens, caller => caller is null ? Unknown : Known, time);
    private readonly RecentAnswers<Caller?> _strangers = new(MaxTokens, caller => caller is null ? Unknown : TimeSpan.Zero, time);
    private readonly RecentlyUsed<string, Caller> _callers = new(MaxTokens);
    private readonly RecentAnswers<bool> _rights = new(MaxRights, _ => Known, time);

    /// <summary>Whose the token is; null for nobody's.</summary>
    /// <exception cref="DependencyException">The API server did not say.</exception>
    /// <exception cref="TurnedAwayException">It was not asked.</exception>
    public async Task<Caller?> Identify(string token, CancellationToken cancellationToken)
    {
        var key = Hash(token);
        if (_callers.TryGet(key, out var last))
        {
            return await _known.Get(key, () => reviews.Identify(token, last), cancellationToken);
        }

        if (await _strangers.Get(key, () => reviews.Identify(token, last: null), cancellationToken) is not { } caller)
        {
            return null;
        }

        _callers.Set(key, caller);
        return await _known.Get(key, () => Task.FromResult<Caller?>(caller), cancellationToken);
    }

    /// <exception cref="DependencyException">The API server did not say.</exception>
    /// <exception cref="TurnedAwayException">It was not asked.</exception>
    public Task<bool> Allows(Caller caller, Permission permission, CancellationToken cancellationToken) =>
        _rights.Get(Hash($"{caller.Id} {permission}"), () => reviews.Allows(caller, permission), cancellationToken);

    // Tokens are not kept, and keys are short whatever a caller sends.
    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
