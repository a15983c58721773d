using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>A Secret that a spec uses.</summary>
/// <param name="Field">Where the spec names it, for example <c>spec.auth.basic.secretRef.name</c>.</param>
/// <param name="Keys">The keys that it must hold, none of them empty.</param>
public sealed record SecretReference(string Field, string Name, ImmutableArray<string> Keys);

/// <summary>The Secrets that a spec uses, and what is wrong with them.</summary>
public static class SecretReferences
{
    public const string Username = "username";
    public const string Password = "password";
    public const string ApiKey = "apiKey";
    public const string Token = "token";
    public const string CaCertificates = "ca.crt";

    public static ImmutableArray<SecretReference> Of(SearchClusterSpec spec)
    {
        var references = ImmutableArray.CreateBuilder<SecretReference>();
        Add("spec.auth.basic.secretRef.name", spec.Auth?.Basic?.SecretRef, Username, Password);
        Add("spec.auth.apiKey.secretRef.name", spec.Auth?.ApiKey?.SecretRef, ApiKey);
        Add("spec.auth.bearer.secretRef.name", spec.Auth?.Bearer?.SecretRef, Token);
        Add("spec.tls.caSecretRef.name", spec.Tls.CaSecretRef, CaCertificates);
        return references.ToImmutable();

        void Add(string field, SecretRef? secret, params ImmutableArray<string> keys)
        {
            if (secret is not null)
            {
                references.Add(new(field, secret.Name, keys));
            }
        }
    }

    /// <summary>Asks for every Secret that <paramref name="spec"/> uses. Empty when a check could use them.</summary>
    /// <exception cref="DependencyException">The API server did not say; nothing is known.</exception>
    public static async Task<ImmutableArray<SpecProblem>> Check(
        ISecretStore secrets, string resourceNamespace, SearchClusterSpec spec, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        foreach (var reference in Of(spec))
        {
            var secret = await secrets.Read(resourceNamespace, reference.Name, cancellationToken);
            if (Problem(reference, resourceNamespace, secret) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems.ToImmutable();
    }

    /// <summary>What is wrong with one Secret; null when it can be used. Never repeats a value out of it.</summary>
    /// <param name="secret">Null when there is no such Secret.</param>
    public static SpecProblem? Problem(SecretReference reference, string resourceNamespace, StoredSecret? secret)
    {
        if (secret is null)
        {
            return new(reference.Field, reference.Name,
                $"There is no such Secret in namespace {resourceNamespace}; create it with {Keys(reference.Keys)}, or name another one.");
        }

        if (secret.IsWithheld)
        {
            return new(reference.Field, reference.Name,
                $"The Secret is not meant for ClusterGrains. Whoever may edit it allows that: kubectl label secret {reference.Name} "
                + $"-n {resourceNamespace} {StoredSecret.AllowLabel}=true");
        }

        var data = secret.Data;
        ImmutableArray<string> missing = [.. reference.Keys.Where(key => !data.TryGetValue(key, out var value) || IsBlank(value))];
        if (!missing.IsEmpty)
        {
            return new(reference.Field, reference.Name,
                $"The Secret in namespace {resourceNamespace} lacks {Keys(missing)}; add what is missing.");
        }

        return reference.Keys.Select(key => Unusable(key, data[key])).FirstOrDefault(cure => cure is not null) is { } unusable
            ? new(reference.Field, reference.Name, unusable)
            : null;
    }

    /// <summary>The text of a value as people store it: a trailing line break (<c>echo</c>) is not part of it.</summary>
    public static string Text(byte[] value) => Encoding.UTF8.GetString(value).Trim('\r', '\n', ' ', '\t');

    /// <summary>The certificates of a PEM bundle; empty when there is none in it or it cannot be read.</summary>
    public static X509Certificate2Collection Certificates(byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates;
    }

    private static string? Unusable(string key, byte[] value) => key switch
    {
        CaCertificates when Certificates(value).Count == 0 =>
            $"Its key \"{CaCertificates}\" holds no PEM certificate (-----BEGIN CERTIFICATE-----); store the authority's.",
        Username when Text(value).Contains(':', StringComparison.Ordinal) =>
            $"Its key \"{Username}\" holds a colon, which basic authentication cannot carry; use another user.",
        ApiKey or Token when Text(value).Any(c => c is <= ' ' or > '~') =>
            $"Its key \"{key}\" holds blanks or other characters that no HTTP header carries; store the bare value.",
        _ => null,
    };

    private static bool IsBlank(byte[] value) => Text(value).Length == 0;

    private static string Keys(ImmutableArray<string> keys) =>
        (keys.Length == 1 ? "key " : "keys ") + string.Join(" and ", keys.Select(key => $"\"{key}\""));
}
