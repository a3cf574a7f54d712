using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Hosting;

/// <summary>What the console needs of the relay: sessions, and its API in the name of a user.</summary>
internal interface IConsoleHost
{
    /// <summary>Begins a session for the holder of an API key.</summary>
    /// <returns>The token for the cookie, or why there is no session.</returns>
    Task<ConsoleSignIn> SignInAsync(string apiKey, CancellationToken cancellationToken);

    /// <summary>The names of services at which people sign in; empty where there are none.</summary>
    IReadOnlyList<string> SignInServices { get; }

    /// <summary>Begins a sign-in at a service.</summary>
    /// <param name="callback">The address to which the service sends the browser back.</param>
    /// <returns>Null where there is no such service, or it cannot be reached.</returns>
    Task<ConsoleServiceSignIn?> BeginServiceSignInAsync(string service, string callback, CancellationToken cancellationToken);

    /// <summary>Begins a session for who comes back from a service.</summary>
    /// <param name="answer">The query with which the browser came back.</param>
    /// <param name="kept">What the browser kept since the sign-in began; null: nothing.</param>
    Task<ConsoleSignIn> FinishServiceSignInAsync(IQueryCollection answer, string? kept, string callback, CancellationToken cancellationToken);

    /// <summary>The user of a session; null when there is none, or it has ended.</summary>
    ConsoleUser? FindUser(string token);

    /// <summary>Ends a session. One that has ended stays so.</summary>
    void SignOut(string token);

    /// <summary>A client of the relay's API whose requests are those of the user, with the address of the browser.</summary>
    HttpClient CreateClient(ConsoleUser user, HttpContext browser);

    /// <summary>Answers the browser with what the API answers to the user.</summary>
    /// <param name="target">Path and query of a GET of the API.</param>
    Task ForwardAsync(ConsoleUser user, HttpContext browser, string target);
}

/// <summary>A sign-in that begins at a service.</summary>
/// <param name="Address">Where the browser goes.</param>
/// <param name="Keep">What it keeps until it comes back.</param>
internal sealed record ConsoleServiceSignIn(string Address, string Keep);

/// <summary>The answer to a sign-in. Exactly one of the two is given.</summary>
/// <param name="Token">The secret of the session.</param>
/// <param name="Refusal">What to do, in a sentence.</param>
internal sealed record ConsoleSignIn(string? Token, string? Refusal);
