namespace Relay.Training.Data.Features;

/// <summary>The numbers that the texts of a category become, instead of their codes.</summary>
internal interface ITextStatistics
{
    /// <summary>Numbers per text.</summary>
    int Columns { get; }

    /// <summary>What a text is worth in use.</summary>
    float Value(int column, int text);

    /// <summary>What a text is worth to a training row of a fold; NaN, as for a text that training never saw, where no other fold has it.</summary>
    float OutOfFold(int column, int text, int fold);

    /// <summary>Frees what only training rows need.</summary>
    void DropFolds();
}
