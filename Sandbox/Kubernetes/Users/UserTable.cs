using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using YamlDotNet.Core;

namespace ClusterGrains.Sandbox.Kubernetes.Users;

/// <summary>Whom the server knows, and what they may do: the owner of its kubeconfig may do everything.</summary>
internal sealed class UserTable
{
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, ApiUser> _byToken = [];

    public UserTable(string ownerToken, TimeProvider time)
    {
        _time = time;
        Owner = new ApiUser("sandbox", ownerToken) { Groups = [ApiUser.Masters] };
        Add(Owner);
    }

    public ApiUser Owner { get; }

    /// <summary>One with the same token is replaced.</summary>
    public void Add(ApiUser user) => _byToken[Hash(user.Token)] = user;

    /// <summary>The token is unknown from now on.</summary>
    public void Remove(string token) => _byToken.TryRemove(Hash(token), out _);

    /// <summary>Adds the users of a file; one that is not there has none.</summary>
    /// <exception cref="IOException">The file cannot be read, or is no table of users.</exception>
    public void Load(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            var users = Yaml.Documents(File.ReadAllText(path)).SelectMany(document => document.Items("users") ?? []);
            foreach (var user in users.OfType<JsonObject>())
            {
                Add(ApiUser.Read(user));
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or YamlException)
        {
            throw new IOException($"{path}: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Null for a token that is unknown or has expired.</summary>
    public ApiUser? Find(string token) =>
        _byToken.GetValueOrDefault(Hash(token)) is { } user && !(user.Expires <= _time.GetUtcNow()) ? user : null;

    /// <summary>Whose request it is, by its <c>Authorization</c>; null for nobody's.</summary>
    public ApiUser? Caller(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && Find(authorization["Bearer ".Length..].Trim()) is { Audiences.IsEmpty: true } user
            ? user
            : null;

    /// <summary>Whether somebody of that name, or a member of these groups, may do that.</summary>
    public bool May(string name, IEnumerable<string> groups, ApiAction action) =>
        groups.Contains(ApiUser.Masters) || _byToken.Values.Any(user => user.Name == name && user.May(action));

    // What is compared byte by byte is not the token itself.
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
