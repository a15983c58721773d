using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClusterGrains.Tests.Clusters;

/// <summary>A server that answers byte for byte what a test wants, also what no real server would.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="answer">Gets the head of a request and writes what it likes.</param>
    public StubServer(Func<string, Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null)
    {
        _answer = answer;

        // Offline: else the server would fetch what its own certificate names.
        _certificate = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Answers every request with the same text.</summary>
    public StubServer(string answer, X509Certificate2? certificate = null)
        : this((_, stream, cancel) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancel).AsTask(), certificate)
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    public int Connections => _connections;

    public static string Http(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(Serve(client));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using Stream stream = _certificate is null ? client.GetStream() : await Secured(client.GetStream());
                if (await Head(stream) is { } head)
                {
                    await _answer(head, stream, _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<Stream> Secured(NetworkStream stream)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, _stop.Token);
        return secured;
    }

    private async Task<string?> Head(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
