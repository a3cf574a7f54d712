namespace Sync.Client;

/// <summary>Calls that return false where no version is active yet, for an app that has an answer of its own for that time.</summary>
public static class RelayModelExtensions
{
    /// <summary>Classifies one row without category inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">One number per input.</param>
    /// <param name="prediction">The prediction; default where no version is active.</param>
    /// <returns>False where no version is active. Nothing is known of the row then.</returns>
    /// <exception cref="RelayModelException">The call has no answer for another reason than <see cref="RelayModelFault.NotReady"/>.</exception>
    public static bool TryPredict(this IRelayModel model, ReadOnlySpan<float> row, out Prediction prediction) =>
        model.TryPredict(row, [], out prediction);

    /// <summary>Classifies one row of numbers and categories.</summary>
    /// <param name="model">The model.</param>
    /// <param name="numbers">One value per number input.</param>
    /// <param name="categories">One value per category input.</param>
    /// <param name="prediction">The prediction; default where no version is active.</param>
    /// <returns>False where no version is active. Nothing is known of the row then.</returns>
    /// <exception cref="RelayModelException">The call has no answer for another reason than <see cref="RelayModelFault.NotReady"/>.</exception>
    public static bool TryPredict(
        this IRelayModel model, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, out Prediction prediction)
    {
        prediction = default;
        if (!model.IsReady)
        {
            return false;
        }

        try
        {
            prediction = model.Predict(numbers, categories);
            return true;
        }
        catch (RelayModelException e) when (e.Fault is RelayModelFault.NotReady)
        {
            return false;
        }
    }
}
