using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>What goes wrong in the pages of a session, in the order in which it happens. A page of the relay has none of it.</summary>
internal sealed class PageErrors
{
    // A page that is left, or a script that needs no answer any more, ends its requests itself.
    private const string EndedByPage = "net::ERR_ABORTED";

    private readonly ConcurrentQueue<PageError> _seen = new();
    private readonly IBrowserContext _context;

    /// <param name="server">The only server that pages may ask.</param>
    public PageErrors(IBrowserContext context, Uri server)
    {
        _context = context;
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Add(IsOfSecurityPolicy(message.Text) ? PageErrorKind.SecurityPolicy : PageErrorKind.Console, message.Text, message.Location);
            }
        };
        context.WebError += (_, error) => Add(PageErrorKind.Exception, error.Error, error.Page?.Url ?? "");
        context.RequestFailed += (_, request) =>
        {
            if (request.Failure is { } failure && failure != EndedByPage)
            {
                Add(PageErrorKind.FailedRequest, failure, request.Url);
            }
        };
        context.Request += (_, request) =>
        {
            Uri address = new(request.Url);
            if (address.Scheme is "http" or "https" && address.Authority != server.Authority)
            {
                Add(PageErrorKind.ForeignRequest, $"The page asks {address.Authority}", request.Url);
            }
        };
    }

    public IReadOnlyList<PageError> Seen => [.. _seen];

    /// <summary>Removes the errors so far, for a test that provokes them and asserts which they are.</summary>
    public async Task<IReadOnlyList<PageError>> TakeAsync()
    {
        await ReceiveAsync();
        List<PageError> taken = [];
        while (_seen.TryDequeue(out PageError? error))
        {
            taken.Add(error);
        }

        return taken;
    }

    /// <exception cref="Xunit.Sdk.FailException">There are errors.</exception>
    public async Task RequireNoneAsync()
    {
        await ReceiveAsync();
        if (!_seen.IsEmpty)
        {
            Assert.Fail(string.Join('\n', ["The pages of this session have errors:", .. Seen.Select(error => $"{error}")]));
        }
    }

    // What a page does while it is drawn is reported before the answer to a later question.
    private async Task ReceiveAsync()
    {
        foreach (IPage page in _context.Pages)
        {
            await page.EvaluateAsync("() => true");
        }
    }

    private static bool IsOfSecurityPolicy(string text) => text.Contains("Content Security Policy", StringComparison.Ordinal);

    private void Add(PageErrorKind kind, string text, string where) => _seen.Enqueue(new(kind, text, where));
}
