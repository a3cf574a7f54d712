namespace Shared.Scoring.Graph;

/// <summary>How the output columns of an operator derive from the columns of its inputs. Explanations follow it from the trees back to the
/// inputs of the graph.</summary>
internal enum ColumnFlow
{
    /// <summary>Not declared: no contribution is attributed through the operator.</summary>
    Undeclared,

    /// <summary>Output column i derives from column i of each input, or from the only column of an input that has one.</summary>
    Columnwise,

    /// <summary>The columns of all inputs, one input after the other.</summary>
    Concatenation,

    /// <summary>Every output column derives from the only column of the only input, as those of an encoder do.</summary>
    OneToMany,

    /// <summary>Every output column derives from all columns of all inputs.</summary>
    Mixing,
}
