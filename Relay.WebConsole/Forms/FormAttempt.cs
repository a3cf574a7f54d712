using System.Net;
using Microsoft.AspNetCore.Http;
using Relay.AdminClient;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Forms;

/// <summary>Does what a form asks for. Where that is refused, the form is shown once more: what was typed is not lost.</summary>
internal static class FormAttempt
{
    /// <param name="show">The page with the form.</param>
    /// <param name="change">What the form asks for.</param>
    public static async Task<ActionResult> RunAsync(IFormCollection form, Func<FilledForm, Task<Page>> show, Func<Task<FormOutcome>> change)
    {
        FilledForm refused;
        HttpStatusCode status;
        try
        {
            FormOutcome outcome = await change();
            if (outcome.Result is { } result)
            {
                return result;
            }

            (refused, status) = (FilledForm.From(form) with { Problem = outcome.Problem, Errors = outcome.Errors }, outcome.Status);
        }
        catch (RelayException e) when (e.Status is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            (refused, status) = (FilledForm.From(form, e), e.Status.Value);
        }

        return ActionResult.Show(await show(refused) with { Status = (int)status });
    }
}
