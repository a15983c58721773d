using System.Net.Http.Headers;
using System.Text;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>What one check needs from Secrets. Read anew for each check, which is how a rotated Secret takes effect.</summary>
/// <param name="Authorization">Null for anonymous requests.</param>
internal sealed record Credentials(AuthenticationHeaderValue? Authorization, ClusterTrust Trust)
{
    /// <summary>Shorter texts occur in names by chance.</summary>
    private const int MinHidden = 4;

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "ClusterGrains", typeof(Credentials).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly string[] _hidden = Hide(Authorization);

    /// <summary>A request that bears them.</summary>
    public HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = Authorization;
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.UserAgent.Add(UserAgent);
        return request;
    }

    /// <summary>A cluster may repeat what we sent; nobody shall read it in a status.</summary>
    public string Redact(string text) =>
        _hidden.Aggregate(text, (safe, secret) => safe.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>The credentials, or why there are none.</summary>
    public static async Task<(Credentials? Credentials, StepResult Result)> Read(
        ISecretStore secrets, string resourceNamespace, SearchClusterSpec spec, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var reference in SecretReferences.Of(spec))
        {
            StoredSecret? secret;
            try
            {
                secret = await secrets.Read(resourceNamespace, reference.Name, cancellationToken);
            }
            catch (DependencyException failure)
            {
                return (null, new(StepOutcome.SecretUnreadable, Detail: SafeText.Clean(failure.Message, 256)));
            }

            if (SecretReferences.Problem(reference, resourceNamespace, secret) is { } problem)
            {
                return (null, new(StepOutcome.SecretUnusable, Detail: SafeText.Clean(problem.ToString(), 400)));
            }

            foreach (var key in reference.Keys)
            {
                values[key] = secret!.Data[key];
            }
        }

        return (new Credentials(Header(spec.Auth, values), Trusted(spec.Tls, values)), StepResult.Ok);
    }

    private static AuthenticationHeaderValue? Header(AuthSpec? auth, Dictionary<string, byte[]> values)
    {
        string Text(string key) => SecretReferences.Text(values[key]);
        return auth switch
        {
            { Basic: not null } => new("Basic", Base64($"{Text(SecretReferences.Username)}:{Text(SecretReferences.Password)}")),
            { ApiKey: not null } => new("ApiKey", Encoded(Text(SecretReferences.ApiKey))),
            { Bearer: not null } => new("Bearer", Text(SecretReferences.Token)),
            _ => null,
        };
    }

    // A colon is in no base64: then it is the id and the key.
    private static string Encoded(string apiKey) => apiKey.Contains(':', StringComparison.Ordinal) ? Base64(apiKey) : apiKey;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static ClusterTrust Trusted(TlsSpec tls, Dictionary<string, byte[]> values) => tls switch
    {
        { InsecureSkipVerify: true } => new ClusterTrust(true, []),
        { CaSecretRef: not null } => new ClusterTrust(
            false, SecretReferences.Certificates(values[SecretReferences.CaCertificates])),
        _ => ClusterTrust.System,
    };

    private static string[] Hide(AuthenticationHeaderValue? header)
    {
        if (header?.Parameter is not { } parameter)
        {
            return [];
        }

        var decoded = new byte[parameter.Length];
        var secret = Convert.TryFromBase64String(parameter, decoded, out var length)
            ? Encoding.UTF8.GetString(decoded, 0, length)
            : "";
        string[] hidden = [parameter, secret, secret[(secret.IndexOf(':', StringComparison.Ordinal) + 1)..]];
        return [.. hidden.Where(text => text.Length >= MinHidden)];
    }
}
