using Microsoft.AspNetCore.Http;

namespace Sync.Client.AspNetCore;

/// <summary>How an app tells people from programs: a captcha, a second factor, a proof of work. Registered as a service.</summary>
public interface IThreatChallenge
{
    /// <summary>Lets a request pass that has proof of an earlier challenge, or answers it with a challenge.</summary>
    /// <param name="context">The request. The method writes the response when it returns false.</param>
    /// <param name="verdict">What the model said.</param>
    /// <returns>True when the app answers the request; false when the response is written.</returns>
    ValueTask<bool> PassAsync(HttpContext context, ThreatVerdict verdict);
}
