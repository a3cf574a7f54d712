namespace Relay.WebConsole.Browser.Tests.Checks;

internal enum PageErrorKind
{
    /// <summary>The browser or a script wrote an error to the browser's console.</summary>
    Console,

    /// <summary>The page does what its Content-Security-Policy forbids.</summary>
    SecurityPolicy,

    /// <summary>A script threw an exception that it did not catch.</summary>
    Exception,

    /// <summary>A request got no complete response.</summary>
    FailedRequest,

    /// <summary>A request went to another server than the one that is tested.</summary>
    ForeignRequest,
}
