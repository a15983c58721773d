using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using k8s.Authentication;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>
/// Raw requests through the official client's pipeline: its TLS, credentials, plugins and token refresh, but our own
/// reading of the answers.
/// </summary>
/// <remarks>
/// HTTP/1.1, on purpose: every request has a socket of its own, so one that hangs is closed with its request and takes no
/// other along. Over HTTP/2 all would share, and silently lose, one connection.
/// </remarks>
internal sealed class KubernetesConnection(
    IOptions<KubernetesOptions> options, TimeProvider time, KubernetesMetrics metrics) : IDisposable
{
    /// <summary>Credentials that one side refuses are read again, at most this often.</summary>
    private static readonly TimeSpan ReloadPeriod = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _loading = new(1);
    private Login? _login;
    private volatile bool _isOver;

    /// <summary>Asks and reads the whole answer. What the server refuses is an answer too.</summary>
    /// <exception cref="DependencyException">There was no answer in time, or it was too large.</exception>
    public async Task<ApiAnswer> Ask(ApiRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var code = 0;
        using var span = KubernetesTraces.Ask(request);
        try
        {
            using var response = await Send(request, either.Token);
            code = (int)response.StatusCode;
            var body = await ApiBody.Read(response, request, either.Token);
            return new ApiAnswer(request, body, response.IsSuccessStatusCode ? null : Failure(response, body));
        }
        catch (Exception failure) when (IsSilence(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw Silence(request, failure);
        }
        finally
        {
            span.Answered(code);
            metrics.Asked(request.Verb, code, time.GetElapsedTime(started));
        }
    }

    /// <summary>
    /// Opens an answer without end. <see cref="ApiRequest.Timeout"/> bounds the wait for its headers only.
    /// </summary>
    /// <exception cref="DependencyException">There was no answer in time.</exception>
    public async Task<ApiStream> Open(ApiRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var response = await Send(request, either.Token);
            if (response.IsSuccessStatusCode)
            {
                return new ApiStream(response, null);
            }

            using (response)
            {
                return new ApiStream(null, Failure(response, await ApiBody.Read(response, request, either.Token)));
            }
        }
        catch (Exception failure) when (IsSilence(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw Silence(request, failure);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _login?.Client.Dispose();
        _loading.Dispose();
    }

    private async Task<HttpResponseMessage> Send(ApiRequest request, CancellationToken cancellationToken)
    {
        // Whoever still asks while the process ends gets no answer; the client would only have a null for it.
        var login = _isOver ? throw new HttpRequestException("the operator is ending") : await LogIn(cancellationToken);
        using var message = new HttpRequestMessage(request.Method, new Uri(login.Server, request.Path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Accept.ParseAdd(request.Accept);
        message.Headers.Host = login.ServerName;
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (login.Client.Credentials is { } credentials)
        {
            await Authenticate(credentials, message, cancellationToken);
        }

        try
        {
            var response = await login.Client.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
            {
                Doubt(login);
            }

            return response;
        }
        catch (HttpRequestException failure) when (failure.InnerException is AuthenticationException)
        {
            Doubt(login);
            throw;
        }
    }

    /// <summary>The token, certificate or authority may have been replaced on disk, or the server by another one.</summary>
    private void Doubt(Login login)
    {
        if (time.GetElapsedTime(login.At) > ReloadPeriod)
        {
            Interlocked.CompareExchange(ref _login, null, login);
        }
    }

    /// <summary>A plugin that asks a person for a password runs as long as it likes; the request does not wait for it.</summary>
    private static async Task Authenticate(
        ServiceClientCredentials credentials, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await credentials.ProcessHttpRequestAsync(message, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new DependencyException(Dependency.KubernetesApi, $"No token: {failure.Message}", failure);
        }
    }

    private async Task<Login> LogIn(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _login) is { } known)
        {
            return known;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            return _login ??= await Task.Run(() => Login.Create(options.Value, time.GetTimestamp()), cancellationToken)
                .WaitAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    private ApiFailure Failure(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return ApiFailure.Read((int)response.StatusCode, body, wait > TimeSpan.Zero ? wait : null);
    }

    private static bool IsSilence(Exception failure) =>
        failure is OperationCanceledException or HttpRequestException or IOException;

    private DependencyException Silence(ApiRequest request, Exception failure)
    {
        var server = Volatile.Read(ref _login)?.Server.GetLeftPart(UriPartial.Authority) ?? "The API server";
        var why = failure switch
        {
            OperationCanceledException => $"no answer within {request.Timeout.TotalSeconds:0.#} s",
            { InnerException: AuthenticationException tls } =>
                $"{tls.Message} Check certificate-authority-data of the kubeconfig.",
            _ => failure.Message,
        };
        return new DependencyException(
            Dependency.KubernetesApi, $"{server} did not answer {request.Verb} {request.Target}: {why}", failure);
    }

    private sealed record Login(k8s.Kubernetes Client, Uri Server, string? ServerName, long At)
    {
        public static Login Create(KubernetesOptions options, long now)
        {
            var configuration = Kubeconfig.Build(options);
            configuration.UserAgent = $"clustergrains/{typeof(Login).Assembly.GetName().Version?.ToString(3)}";
            configuration.DisableHttp2 = true;
            configuration.FirstMessageHandlerSetup = handler =>
            {
                handler.AllowAutoRedirect = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
                // A balancer in front of several API servers is asked again now and then.
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
                handler.MaxConnectionsPerServer = 256;
            };
            var client = new k8s.Kubernetes(configuration);
            var name = string.IsNullOrWhiteSpace(configuration.TlsServerName) ? null : configuration.TlsServerName;
            return new Login(client, client.BaseUri, name, now);
        }
    }
}
