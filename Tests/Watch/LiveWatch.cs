using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Tests.Watch;

/// <summary>One watch a client has opened; the test writes what the server says.</summary>
internal sealed class LiveWatch
{
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LiveWatch(HttpContext context)
    {
        _context = context;
        context.RequestAborted.Register(() => _abandoned.TrySetResult());
    }

    public Task Over => _over.Task;

    /// <summary>Completes when the client has gone.</summary>
    public Task Abandoned => _abandoned.Task;

    public string Path => _context.Request.Path;

    public string Query(string name) => _context.Request.Query[name].ToString();

    public async Task Send(string line)
    {
        await _context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await _context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the stream as the API server does after timeoutSeconds.</summary>
    public void Close() => _over.TrySetResult();

    /// <summary>Resets the connection.</summary>
    public void Break() => _context.Abort();
}
